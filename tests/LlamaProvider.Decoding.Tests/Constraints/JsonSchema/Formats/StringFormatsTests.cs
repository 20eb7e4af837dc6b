using System.Diagnostics;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Formats;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema.Formats;

public sealed class StringFormatsTests(ITestOutputHelper output)
{
    public static TheoryData<string, string[], string[]> Examples => new()
    {
        {
            "date-time",
            ["1985-04-12T23:20:50.52Z", "1996-12-19T16:39:57-08:00", "1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00", "1937-01-01T12:00:27.87+00:20", "2024-02-29T00:00:00Z"],
            ["1998-12-31T23:59:61Z", "1998-12-31T23:58:60Z", "1998-12-31T22:59:60Z", "1990-02-31T15:59:59Z", "2023-02-29T00:00:00Z", "1963-06-19T08:30:06", "06/19/1963 08:30:06 PST", "1963-06-19 08:30:06Z", "1937-01-01t12:00:27.87+00:20", "2024-02-29T00:00:00z"]
        },
        {
            "date",
            ["1963-06-19", "2020-02-29", "2000-02-29", "2021-12-31", "2021-04-30"],
            ["2021-02-29", "1900-02-29", "2021-04-31", "2021-13-01", "2021-00-10", "2021-1-1", "2021-01-32", "2021-01-00", "20210101"]
        },
        {
            "time",
            ["08:30:06Z", "23:59:60Z", "23:59:60+00:00", "01:29:60+01:30", "23:29:60+23:30", "15:59:60-08:00", "00:29:60-23:30", "08:30:06.283185Z", "08:30:06+00:20"],
            ["008:030:006Z", "22:59:60Z", "23:58:60Z", "23:59:60+01:00", "23:59:60+00:30", "23:59:60-01:00", "24:00:00Z", "00:60:00Z", "00:00:61Z", "01:02:03+24:00", "12:00:00", "08:30:06"]
        },
        {
            "duration",
            ["P4DT12H30M5S", "P4Y", "PT0S", "P0D", "P1M", "PT1M", "PT36H", "P1DT12H", "P2W", "P1Y2M3DT4H5M6S"],
            ["PT1D", "P", "P1YT", "PT", "P2D1Y", "P1D2H", "P2S", "P1Y2W", "P1", "P1Y1D", "PT0.5S", "4DT12H"]
        },
        {
            "email",
            ["joe.bloggs@example.com", "te~st@example.com", "\"joe bloggs\"@example.com", "\"joe@bloggs\"@example.com", "joe@[127.0.0.1]", "joe@[IPv6:::1]", "a@b"],
            ["2962", ".test@example.com", "test.@example.com", "te..st@example.com", "joe@-bloggs.com", "joe@exa_mple.com", "joe@[127.0.0.300]", "joe@", "joe bloggs@example.com", "é@example.com"]
        },
        { "idn-email", ["실례@실례.테스트", "joe.bloggs@example.com"], ["2962", "@example.com"] },
        {
            "hostname",
            ["www.example.com", "xn--4gbwdl.xn--wgbh1c", "a", "1host", "a-b.c-d", new string('a', 63) + ".com"],
            ["-a-host-name-that-starts-with--", "not_a_valid_host_name", "a-", "a..b", "", ".", "a.", "ab--cd", "x.ab--cd", new string('a', 64) + ".com", string.Join('.', Enumerable.Repeat("abcdefg", 32))]
        },
        { "idn-hostname", ["실례.테스트", "ßς་〇", "example.com", "a。b"], ["〮실례.테스트", "-hello", "ab--cd", "a b", "\u0903hello", "Ünder"] },
        { "ipv4", ["192.168.0.1", "0.0.0.0", "255.255.255.255"], ["127.0.0.0.1", "256.1.1.1", "127.0", "0x7f000001", "087.10.0.1", "1.2.3.4/24", "1२7.0.0.1"] },
        {
            "ipv6",
            ["::1", "::", "::abef", "1::", "d6::", "1:2:3:4:5:6:7:8", "1:d6::42", "::42:ff:1", "1::d6:192.168.0.1", "::ffff:192.168.0.1", "1:2:3:4:5:6:192.168.0.1", "1:2:3:4:5:6:7::"],
            ["12345::", "1:1:1:1:1:1:1:1:1", "::laptop", ":2:3:4:5:6:7:8", "1:2:3:4:5:6:7:", "1::d6::42", "1::2:192.168.256.1", "1:2:3:4:5:::8", "fe80::a%eth1", "100:100:100:100:100:100:255.255.255.255.255", "::1/64"]
        },
        {
            "uri",
            ["http://foo.bar/?baz=qux#quux", "http://foo.com/blah_(wikipedia)_blah#cite-1", "http://-.~_!$&'()*+,;=:%40:80%2f::::::@example.com", "ldap://[2001:db8::7]/c=GB?objectClass?one", "mailto:John.Doe@example.com", "tel:+1-816-555-1212", "urn:oasis:names:docbook:4.1.2", "file:///etc"],
            ["//foo.bar/?baz=qux#quux", "/abc", "\\\\WINDOWS\\fileshare", "abc", "http:// shouldfail.com", ":// should fail", "bar,baz:foo", "https://[@example.org/test.txt", "http://a/%zz", "http://ü", "http://h:80a"]
        },
        { "uri-reference", ["http://foo.bar/", "//foo.bar/x", "/abc", "abc", "#fragment", "", "a/b:c", "?q"], ["\\\\WINDOWS\\fileshare", "#frag\\ment", "a b", ":a", "//ü"] },
        { "iri", ["http://ƒøø.ßår/?∂éœ=πîx#πîüx", "http://[2001:0db8:85a3:0000:0000:8a2e:0370:7334]"], ["http://2001:0db8:85a3:0000:0000:8a2e:0370:7334", "/abc", "âππ", "http:// x"] },
        { "iri-reference", ["//ƒøø.ßår/", "/âππ", "âππ", "#ƒrägmênt"], ["\\\\WINDOWS\\filëßåré", "#ƒräg\\mênt"] },
        { "uri-template", ["http://example.com/dictionary/{term:1}/{term}", "{+x,y*}", "{?q.r}", "plain", ""], ["http://example.com/dictionary/{term:1}/{term", "{}", "{a,}", "{x:0}", "a b"] },
        { "uuid", ["2EB8AA08-AA98-11EA-B4AA-73B441D16380", "2eb8aa08-aa98-11ea-b4aa-73b441d16380", "00000000-0000-0000-0000-000000000000"], ["2eb8aa08-aa98-11ea-b4aa-73b441d1638", "2eb8aa08aa9811eab4aa73b441d16380", "2eb8aa08-aa98-11ea-b4ga-73b441d16380"] },
        { "json-pointer", ["/foo/bar~0/baz~1/%a", "", "/", "/ ", "//"], ["/foo/bar~", "/~2", "a", "#/"] },
        { "relative-json-pointer", ["1", "0/foo/bar", "2/0/baz/1/zip", "0#", "120/foo"], ["/foo", "-1/foo", "0##", "01/a", "", "+1/foo"] },
        { "regex", ["([abc])+\\s+$", "^[a-zA-Z_][\\w-]*$", "a{2,3}?|(?:b(c(d)))", "", "[^\\]]", "(?=x)y", "\\."], ["^(abc]", "[z-a]", "a**", "a{3,2}", "(", "[", "\\", "x)"] },
        { "color", ["fuchsia", "#CC8899", "#abc", "rgb(1, 2,3)", "rgb(10%,20%,30.5%)"], ["#00332520", "puce", "light_grayish_red-violet", "color: fuchsia"] },
        { "ip-address", ["127.0.0.1"], ["127.0.0.256"] },
        { "host-name", ["www.example.com"], ["-a"] },
    };

    [Fact]
    public void Examples_HaveEveryFormat() => Assert.Equal(StringFormats.Names.Order(), Examples.Select(row => row.Data.Item1).Order());

    [Theory]
    [MemberData(nameof(Examples))]
    public void TryGet_Format_HasItsTexts(string format, string[] valid, string[] invalid)
    {
        var algebra = new ByteAlgebra();

        Assert.True(StringFormats.TryGet(format, Utf8Encoding.Instance, algebra, out ByteExpression? language));
        Assert.All(valid, text => Assert.True(language.Has(text, algebra), text));
        Assert.All(invalid, text => Assert.False(language.Has(text, algebra), text));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void TryGet_FormatInJson_HasItsTexts(string format, string[] valid, string[] invalid)
    {
        var algebra = new ByteAlgebra();

        Assert.True(StringFormats.TryGet(format, JsonStringEncoding.Free, algebra, out ByteExpression? language));
        Assert.All(valid, text => Assert.True(language.Has(JsonSerializer.Serialize(text)[1..^1], algebra), text));
        Assert.All(invalid, text => Assert.False(language.Has(JsonSerializer.Serialize(text)[1..^1], algebra), text));
    }

    [Theory]
    [InlineData("uuid", "[^]{36}", false)]
    [InlineData("uuid", "[^]{0,35}", true)]
    [InlineData("date", "[^]{11,}", true)]
    [InlineData("date", "20[^]*", false)]
    [InlineData("hostname", "[^]{253}", false)]
    [InlineData("hostname", "[^]{254,}", true)]
    [InlineData("ipv4", "[^]{0,6}", true)]
    [InlineData("ipv4", "[^]{7}", false)]
    [InlineData("date-time", "[^]*:60[^]*30", false)]
    [InlineData("date-time", "[^]*22:59:60Z", true)]
    public void TryGet_WithACondition_IsAliveOrEmpty(string format, string condition, bool isEmpty)
    {
        var algebra = new ByteAlgebra();
        StringFormats.TryGet(format, Utf8Encoding.Instance, algebra, out ByteExpression? language);

        Assert.Equal(isEmpty, new Liveness(algebra).IsEmpty(algebra.Intersection(language!, algebra.Regex(condition, isSearch: false))));
    }

    [Theory]
    [InlineData("int32")]
    [InlineData("utc-millisec")]
    [InlineData("Date")]
    [InlineData("")]
    public void TryGet_UnknownName_IsFalse(string format) =>
        Assert.False(StringFormats.TryGet(format, Utf8Encoding.Instance, new ByteAlgebra(), out _));

    [Fact]
    public void TryGet_EveryFormat_IsSmall()
    {
        foreach (string name in StringFormats.Names)
        {
            var algebra = new ByteAlgebra();
            long start = Stopwatch.GetTimestamp();
            StringFormats.TryGet(name, JsonStringEncoding.Free, algebra, out ByteExpression? language);
            double compile = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            _ = new ByteAutomaton(algebra, new Liveness(algebra), language!).Start;
            output.WriteLine($"{name}: {algebra.Count} expressions, {compile:F2} ms, {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F2} ms with the start state");
            Assert.InRange(algebra.Count, 1, 20_000);
        }
    }
}
