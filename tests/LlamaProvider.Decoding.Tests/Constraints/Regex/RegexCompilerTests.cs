using CsCheck;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;
using LlamaProvider.Decoding.Tests.Constraints.Oracle;
using NetRegex = System.Text.RegularExpressions.Regex;

namespace LlamaProvider.Decoding.Tests.Constraints.Regex;

public sealed class RegexCompilerTests
{
    private static readonly Gen<string> Texts = Gen.OneOf("a", "b", "c", "-", "\n", "é").Array[0, 6].Select(string.Concat);

    private static readonly Gen<string> Atoms = Gen.OneOf("a", "b", "c", "-", ".", "[ab]", "[^a]", @"\w", @"\W", @"\s", "é", "(?:)");

    private static readonly Gen<string> Anchors = Gen.OneOf("^", @"(?!\n)$(?!\n)", @"\b", @"\B");

    private static readonly Gen<string> Counts = Gen.OneOf("*", "+", "?", "{2}", "{1,3}", "{2,}");

    // Not in or around conditions: .NET fails on lazy loops that read nothing there.
    private static readonly Gen<string> Lazy = Gen.OneOf("*?", "+?", "??");

    [Fact]
    public void Compile_RandomPattern_MatchesWhatDotNetMatches() =>
        Gen.Select(Pattern(3, hasConditions: false, hasLazy: true), Texts.Array[12]).ForEach(500, static each => AssertSame(each.Item1, each.Item2));

    [Fact]
    public void Compile_RandomPatternWithConditionsAnywhere_MatchesWhatDotNetMatches() =>
        Gen.Select(Pattern(3, hasConditions: true, hasLazy: false), Texts.Array[12]).ForEach(500, static each => AssertSame(each.Item1, each.Item2));

    [Theory]
    [InlineData(@"^$|(^(?:\S+\s+){0,99}\S+$)", "", true)]
    [InlineData(@"^$|(^(?:\S+\s+){0,99}\S+$)", "two words", true)]
    [InlineData(@"^$|(^(?:\S+\s+){0,99}\S+$)", " padded", false)]
    [InlineData(@"(?:^|\r?\n)a(?:$|\r?\n)", "a", true)]
    [InlineData(@"(?:^|\r?\n)a(?:$|\r?\n)", "x\r\na\ny", true)]
    [InlineData(@"(?:^|\r?\n)a(?:$|\r?\n)", "xa", false)]
    [InlineData("^((?!(c|C)(l|L)).)*$", "colour", true)]
    [InlineData("^((?!(c|C)(l|L)).)*$", "incLude", false)]
    [InlineData(@"^((?!foo).)*bar$", "a bar", true)]
    [InlineData(@"^((?!foo).)*bar$", "a foo bar", false)]
    [InlineData(@"^(?=[^=]+$)(?!\s+$)(.|\n)+$", "a b", true)]
    [InlineData(@"^(?=[^=]+$)(?!\s+$)(.|\n)+$", "  ", false)]
    [InlineData(@"^([\da-z](?:(?!.*--)[\da-z-]*[\da-z])?)$", "a-b-c", true)]
    [InlineData(@"^([\da-z](?:(?!.*--)[\da-z-]*[\da-z])?)$", "a--c", false)]
    [InlineData("^(?:a(?=b)|b(?=$|a))+$", "abab", true)]
    [InlineData("^(?:a(?=b)|b(?=$|a))+$", "abb", false)]
    [InlineData(@"\bcat\b", "a cat!", true)]
    [InlineData(@"\bcat\b", "concat", false)]
    [InlineData(@"^(?!.*\bcat\b).*$", "concatenate", true)]
    [InlineData(@"^(?!.*\bcat\b).*$", "the cat sat", false)]
    [InlineData("(?<=a|bc)d$", "bcd", true)]
    [InlineData("(?<=a|bc)d$", "cd", false)]
    [InlineData("^(?:(?<!a)b|a)*$", "baa", true)]
    [InlineData("^(?:(?<!a)b|a)*$", "ab", false)]
    [InlineData(@"\A[ab]\Z", "a", true)]
    [InlineData("^(Swagger)$|^(RAML)$", "RAML", true)]
    [InlineData("^(Swagger)$|^(RAML)$", "RAMLs", false)]
    [InlineData("a^b", "ab", false)]
    [InlineData(@"(?:(?:(?:\b|\w))*?|(?:(?![^a]))?)", "x", true)]
    [InlineData("a$b", "ab", false)]
    public void Compile_Search_FindsAnywhere(string pattern, string text, bool isMatch)
    {
        var algebra = new ByteAlgebra();

        Assert.Equal(isMatch, algebra.Regex(pattern).Has(text, algebra));
    }

    [Theory]
    [InlineData("a|ab", "ab", true)]
    [InlineData("a", "ba", false)]
    [InlineData("(?i)straße", "STRAßE", true)]
    [InlineData("(?i)[^a]", "A", false)]
    [InlineData("a(?i:b)c", "aBc", true)]
    [InlineData("a(?i:b)c", "aBC", false)]
    [InlineData("(?i)k", "\u212A", true)]
    [InlineData("(?s).", "\n", true)]
    [InlineData(".", "\u2028", false)]
    [InlineData(@"\p{Lu}\p{gc=Nd}", "Ä5", true)]
    [InlineData(@"\P{Letter}", "a", false)]
    [InlineData(@"\u{1F600}|\uD83D\uDE01", "\U0001F601", true)]
    [InlineData(@"\x41\u0042\103\cJ\0", "ABC\n\0", true)]
    [InlineData(@"\-\_\/\@\a", "-_/@a", true)]
    [InlineData("a{,2}]}", "a{,2}]}", true)]
    [InlineData("x{a}{2}", "x{a}}", true)]
    [InlineData(@"[\w-.]+", "a-.", true)]
    [InlineData(@"[\]\-a-c]+", "]-b", true)]
    [InlineData("[]", "", false)]
    [InlineData("[^]", "\n", true)]
    [InlineData(@"[\b]\ca", "\b\u0001", true)]
    [InlineData(@"(?<year>\d{4})(?P<x>a)(?#comment)", "2024a", true)]
    [InlineData(@"(?=a)*b", "b", true)]
    [InlineData(@"\c1", @"\c1", true)]
    [InlineData(@"\ud800", "x", false)]
    [InlineData("\U0001F600+", "\U0001F600\U0001F600", true)]
    public void Compile_Whole_MatchesTheText(string pattern, string text, bool isMatch)
    {
        var algebra = new ByteAlgebra();

        Assert.Equal(isMatch, algebra.Regex(pattern, isSearch: false).Has(text, algebra));
    }

    [Theory]
    [InlineData("((a{0,100}){0,100}){0,100}")]
    [InlineData("(a*)*b?")]
    [InlineData("(x+x+)+y|a*")]
    [InlineData("(a|a)*")]
    [InlineData("(a|aa){0,100}(a?){0,1000}")]
    [InlineData("(?:a?){1000000}")]
    [InlineData("((?!b)a)*")]
    [InlineData("(?:a(?=a|$)|a(?!b)|(?<!b)a)*")]
    public void Compile_PatternThatBacktrackersFearMost_IsLinear(string pattern)
    {
        var algebra = new ByteAlgebra(50_000);

        Assert.True(algebra.Regex(pattern, isSearch: false).Has(new string('a', 300), algebra));
    }

    [Theory]
    [InlineData("a?", 2_400)]
    [InlineData("a*", 2_400)]
    [InlineData("(?=a)", 900)]
    [InlineData("(?:a{9999}|)", 400)]
    [InlineData("a|", 2_400)]
    public void Compile_LongPattern_NeedsLittleStack(string part, int count)
    {
        bool isMatch = false;
        var thread = new Thread(
            () =>
            {
                var algebra = new ByteAlgebra();
                isMatch = algebra.Regex(string.Concat(Enumerable.Repeat(part, count)) + "a", isSearch: false).Has("a", algebra);
            },
            maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();

        Assert.True(isMatch);
    }

    [Fact]
    public void Compile_DeepPattern_NeedsLittleStack()
    {
        int depth = ConstraintLimits.Default.PatternDepth;
        var algebra = new ByteAlgebra();

        Assert.True(algebra.Regex(new string('(', depth) + "a" + new string(')', depth)).Has("a", algebra));
    }

    [Fact]
    public void Compile_ConditionsThatExclude_LeaveNothing()
    {
        var algebra = new ByteAlgebra();
        var liveness = new Liveness(algebra);

        Assert.True(liveness.IsEmpty(algebra.Regex("^(?=a)b")));
        Assert.True(liveness.IsEmpty(algebra.Regex(@"^(?:a(?!b)b)+$")));
        Assert.True(liveness.IsEmpty(algebra.Regex(@"a\bb")));
        Assert.False(liveness.IsEmpty(algebra.Regex(@"^(?:a(?!c)b)+$")));
    }

    // The cases are the same in every run: on a rare one .NET's interpreter takes gigabytes.
    private static void AssertSame(string pattern, string[] texts)
    {
        var algebra = new ByteAlgebra();
        var net = new NetRegex(AsciiWords(pattern));
        ByteExpression search = algebra.Regex(pattern);
        ByteExpression whole = algebra.Regex(pattern, isSearch: false);
        var wholeNet = new NetRegex($@"\A(?:{net})\z");
        ByteExpression json = algebra.Regex(pattern, isSearch: true, JsonStringEncoding.Sparing);
        foreach (string text in texts)
        {
            if (Overflows(net, text) || Overflows(wholeNet, text))
            {
                continue;
            }

            Assert.True(net.IsMatch(text) == search.Has(text, algebra), $"search {pattern} in {text}");
            Assert.True(wholeNet.IsMatch(text) == whole.Has(text, algebra), $"whole {pattern} on {text}");
            Assert.True(net.IsMatch(text) == json.Has(text.Replace("\n", "\\n", StringComparison.Ordinal), algebra), $"json {pattern} in {text}");
        }
    }

    // To .NET the letters of every script are word characters.
    private static string AsciiWords(string pattern) => pattern
        .Replace(@"\w", "[a-zA-Z0-9_]", StringComparison.Ordinal)
        .Replace(@"\W", "[^a-zA-Z0-9_]", StringComparison.Ordinal)
        .Replace(@"\b", "(?:(?<=[a-zA-Z0-9_])(?![a-zA-Z0-9_])|(?<![a-zA-Z0-9_])(?=[a-zA-Z0-9_]))", StringComparison.Ordinal)
        .Replace(@"\B", "(?:(?<=[a-zA-Z0-9_])(?=[a-zA-Z0-9_])|(?<![a-zA-Z0-9_])(?![a-zA-Z0-9_]))", StringComparison.Ordinal);

    private static Gen<string> Pattern(int depth, bool hasConditions, bool hasLazy)
    {
        Gen<string> leaf = hasConditions ? Gen.Frequency((4, Atoms), (1, Anchors)) : Atoms;
        if (depth == 0)
        {
            return leaf;
        }

        Gen<string> inner = Pattern(depth - 1, hasConditions, hasLazy);
        Gen<string> plain = Gen.Frequency(
            (2, leaf),
            (4, Gen.Select(inner, inner, static (left, right) => left + right)),
            (2, Gen.Select(inner, inner, static (left, right) => $"(?:{left}|{right})")),
            (2, Gen.Select(inner, hasLazy ? Gen.OneOf(Counts, Lazy) : Counts, static (part, count) => $"(?:{part}){count}")));
        return hasConditions
            ? Gen.Frequency((4, plain), (1, inner.Select(static part => $"(?={part})")), (1, inner.Select(static part => $"(?!{part})")), (1, Behind()))
            : plain;
    }

    private static Gen<string> Behind() =>
        Gen.Select(Pattern(1, hasConditions: false, hasLazy: false), Gen.OneOf("?<=", "?<!"), static (part, kind) => $"({kind}{part})");

    // .NET's interpreter overflows its stack of loop counts on some nested lazy loops, such as (?:(?:(?:[^a])*)+?)?, where ours has nothing to be compared with.
    private static bool Overflows(NetRegex net, string text)
    {
        try
        {
            net.IsMatch(text);
            return false;
        }
        catch (OverflowException)
        {
            return true;
        }
    }
}
