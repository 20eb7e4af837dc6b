using System.Text;
using System.Text.Json;
using CsCheck;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex.Characters;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

namespace LlamaProvider.Decoding.Tests.Constraints.Regex.Encodings;

public sealed class CharacterEncodingTests
{
    private static readonly Gen<int> Scalars = Gen.Frequency(
        (4, Gen.Int[0, 0x7F]),
        (2, Gen.Int[0x80, 0xD7FF]),
        (1, Gen.Int[0xE000, 0xFFFF]),
        (2, Gen.Int[0x10000, CodePointSet.MaxCodePoint]));

    private static readonly Gen<CodePointSet> Sets = Gen.Select(Scalars, Scalars)
        .Select(static (first, last) => new CodePointRange(Math.Min(first, last), Math.Max(first, last))).Array[0, 4].Select(static ranges => CodePointSet.OfRanges(ranges));

    [Fact]
    public void Encode_Utf8_HasTheBytesOfTheSet() =>
        Gen.Select(Sets, Scalars.Array[20]).Sample(static (set, values) =>
        {
            var algebra = new ByteAlgebra();
            ByteExpression language = Utf8Encoding.Instance.Encode(set, algebra);
            Assert.All(values, value => Assert.Equal(set.Contains(value), language.Has(new Rune(value).ToString(), algebra)));
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Encode_JsonString_DecidesEverySpellingAlike(bool isFree) =>
        Gen.Select(Sets, Scalars.Array[10]).Sample((set, values) =>
        {
            JsonStringEncoding encoding = isFree ? JsonStringEncoding.Free : JsonStringEncoding.Sparing;
            var algebra = new ByteAlgebra();
            ByteExpression language = encoding.Encode(set, algebra);
            ByteExpression any = encoding.AnyText(algebra);
            foreach (int value in values)
            {
                foreach (string spelling in Spellings(value))
                {
                    Assert.Equal(set.Contains(value) && any.Has(spelling, algebra), language.Has(spelling, algebra));
                    Assert.True(!isFree || any.Has(spelling, algebra));
                }

                Assert.True(Spellings(value).Exists(spelling => any.Has(spelling, algebra)));
            }
        });

    [Theory]
    [InlineData("\"")]
    [InlineData("\n")]
    [InlineData("\\x41")]
    [InlineData("\\")]
    [InlineData("\\ud800")]
    [InlineData("\\ude00")]
    [InlineData("\\ud83d\\u0041")]
    [InlineData("\\u00g0")]
    public void AnyText_NotJson_IsRefused(string text)
    {
        var algebra = new ByteAlgebra();

        Assert.False(JsonStringEncoding.Free.AnyText(algebra).Has(text, algebra));
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    public void AnyText_NotUtf8_IsRefused(byte[] text)
    {
        var algebra = new ByteAlgebra();

        Assert.False(Utf8Encoding.Instance.AnyText(algebra).Has(text, algebra));
        Assert.False(JsonStringEncoding.Free.AnyText(algebra).Has(text, algebra));
    }

    [Fact]
    public void AnyText_IsTiny()
    {
        Assert.InRange(ExpressionsOf(Utf8Encoding.Instance), 1, 40);
        Assert.InRange(ExpressionsOf(JsonStringEncoding.Sparing), 1, 60);
        Assert.InRange(ExpressionsOf(JsonStringEncoding.Free), 1, 90);

        static int ExpressionsOf(ICharacterEncoding encoding)
        {
            var algebra = new ByteAlgebra();
            encoding.AnyText(algebra);
            return algebra.Count;
        }
    }

    private static List<string> Spellings(int value)
    {
        string text = new Rune(value).ToString();
        string lower = string.Concat(text.Select(static unit => $"\\u{(int)unit:x4}"));
        string raw = value < 0x20 || value is '"' or '\\' ? JsonSerializer.Serialize(text, Relaxed)[1..^1] : text;
        return value == '/' ? [raw, "\\/", lower] : [raw, lower, lower.ToUpperInvariant().Replace("\\U", "\\u", StringComparison.Ordinal)];
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
