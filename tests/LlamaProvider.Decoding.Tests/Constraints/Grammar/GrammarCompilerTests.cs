using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Tests.Constraints.Grammar;

/// <summary>What grammars mean.</summary>
public sealed class GrammarCompilerTests
{
    private const string Json = """
        # any JSON value
        root   ::= ws value
        value  ::= (object | array | string | number | "true" | "false" | "null") ws
        object ::= "{" ws (member ("," ws member)*)? "}"
        member ::= string ws ":" ws value
        array  ::= "[" ws (value ("," ws value)*)? "]"
        string ::= "\"" ([^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4}))* "\""
        number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [-+]? [0-9]+)?
        ws     ::= [ \t\n\r]*
        """;

    [Theory]
    [InlineData("root ::= \"ab\"", "ab", "a|b|abb|")]
    [InlineData("root ::= \"a\" | \"b\" |\n  \"c\"", "a|b|c", "ab|")]
    [InlineData("root ::= (\"a\"\n  \"b\" # comment\n)+", "ab|abab", "aba|")]
    [InlineData("root::=[a-c]*", "|abccba", "d|A")]
    [InlineData("root ::= [^a-c\\]]", "d|é|😀", "a|]|ab|")]
    [InlineData("root ::= [a\\-c]+", "a-c", "b")]
    [InlineData("root ::= [-a] [a-]", "-a|a-|--", "ab|b-")]
    [InlineData("root ::= [\\[\\]\\\\\"]+", "[]\\\"", "a")]
    [InlineData("root ::= . .", "ab|\né|😀😀", "a|abc")]
    [InlineData("root ::= \"\\x41\\u00e9\\U0001F600\\t\\n\\r\\\\\\\"\"", "Aé😀\t\n\r\\\"", "A")]
    [InlineData("root ::= \"é\"? [ぁ-ゟ]{2}", "éぁあ|ぁゟ", "é|ぁ|a")]
    [InlineData("root ::= \"a\"{3}", "aaa", "aa|aaaa")]
    [InlineData("root ::= \"a\"{2,}", "aa|aaaaaa", "a|")]
    [InlineData("root ::= \"ab\"{1,2}", "ab|abab", "a|ababab|")]
    [InlineData("root ::= \"a\"{0,2} \"b\"{0} \"c\"{0,0}", "|a|aa", "aaa|b|c")]
    [InlineData("root ::= ( \"a\"{ 1 , 2 } )", "a|aa", "aaa")]
    [InlineData("root ::= \"a\"?+", "|a|aaa", "b")]
    [InlineData("root ::= ", "", "a")]
    [InlineData("root ::= \"a\" | ", "a|", "b")]
    [InlineData("root ::= (|\"a\")\nunused ::= \"b\"\r\n", "|a", "b")]
    [InlineData("root ::= rule_1 B-c\nrule_1 ::= \"x\"\nB-c ::= \"y\"", "xy", "x")]
    [InlineData("root ::= \"a\" root \"b\" | \"\"", "|ab|aabb", "a|aab|abb")]
    [InlineData("root ::= \"(\" root \")\" root | \"\"", "|()|(()())", "(|)(")]
    [InlineData("root ::= opt opt \"x\" | \"b\" root\nopt ::= \"a\"?", "x|aax|bax", "aaax|")]
    [InlineData("root ::= \"one\" | \"two\" | \"three\" | \"four\" | \"five\" | \"six\" | \"seven\" | \"eight\" | [0-9]+", "one|six|eight|12", "on|sixth|")]
    [InlineData(Json, "{}|[1,2.5e3]| {\"a\" : [ \"\\u00e9\\n\", null ] } |\"é\"", "{|{]|01|\"\n\"|[1,]")]
    public void Compile_EverySyntax_MatchesItsTexts(string gbnf, string matching, string other)
    {
        Assert.All(matching.Split('|'), text => Assert.True(GrammarRun.IsMatch(gbnf, text), text));
        Assert.All(other.Split('|'), text => Assert.False(GrammarRun.IsMatch(gbnf, text) && (text.Length > 0 || other.Length > 0), text));
    }

    [Fact]
    public void Compile_RulesThatDoubleEachOther_StaySmall()
    {
        string gbnf = "root ::= r0\n" + string.Join('\n', Enumerable.Range(0, 60).Select(i => $"r{i} ::= (r{i + 1} \"x\")* (r{i + 1} \"y\")*")) + "\nr60 ::= \"z\"";

        Assert.True(GrammarRun.IsMatch("root ::= r55\n" + gbnf[(gbnf.IndexOf('\n', StringComparison.Ordinal) + 1)..], "zxxxxyy"));
        Assert.False(GrammarRun.IsMatch(gbnf, "q"));
    }

    [Fact]
    public void Compile_LongChainOfRules_Works()
    {
        string chain = "root ::= r0\n" + string.Join('\n', Enumerable.Range(0, 10_000).Select(i => $"r{i} ::= r{i + 1} \"x\" | \"b\"")) + "\nr10000 ::= \"z\"";

        Assert.True(GrammarRun.IsMatch(chain, "z" + new string('x', 10_000)));
        Assert.True(GrammarRun.IsMatch(chain, "bxx"));
    }

    [Fact]
    public void Compile_LargeCounts_AreExact()
    {
        const string Gbnf = "root ::= [a-z]{3000,5000}";

        Assert.False(GrammarRun.IsMatch(Gbnf, new string('a', 2999)));
        Assert.True(GrammarRun.IsMatch(Gbnf, new string('a', 3000)));
        Assert.True(GrammarRun.IsMatch(Gbnf, new string('a', 5000)));
        Assert.False(GrammarRun.IsMatch(Gbnf, new string('a', 5001)));
    }

    [Fact]
    public void Compile_ManyAlternatives_Works()
    {
        string gbnf = "root ::= " + string.Join(" | ", Enumerable.Range(0, 20_000).Select(i => $"[a]? \"{i}\""));

        Assert.True(GrammarRun.IsMatch(gbnf, "a19999"));
        Assert.False(GrammarRun.IsMatch(gbnf, "b1"));
    }

    [Fact]
    public void FillMask_Json_AllowsOnlyWhatMayFollow()
    {
        GrammarMatcher matcher = GrammarRun.Match(Json);
        foreach (char next in "{\"a\"")
        {
            Assert.True(matcher.Accept(TestSupport.Scripted.ScriptedVocabulary.Byte(next)));
        }

        Assert.Equal("\t\n\r :", string.Concat(GrammarRun.Legal(matcher, 261).Select(token => (char)(token - 2))));
    }
}
