using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Grammar;

namespace LlamaProvider.Decoding.Tests.Constraints.Grammar;

/// <summary>What is wrong, where, and what to do.</summary>
public sealed class GrammarSyntaxErrorTests
{
    private const string Where = "The grammar cannot be used, at line ";

    private const string Escapes = "Known are \\n \\r \\t \\\\ \\\" \\[ \\] \\- \\xHH \\uHHHH and \\UHHHHHHHH.";

    private const string Behind =
        "so it could be entered again and again without a character being read. Put what is repeated behind: instead of list ::= list \",\" item | item write list ::= item (\",\" item)*.";

    [Theory]
    [InlineData("root ::= \"a\"\n  item", "2, column 7: '::=' is expected after the name 'item', but the end of the grammar follows. A rule is name ::= …, on one line up to the sign.")]
    [InlineData("root ::= item \"x\"", "1, column 10: Rule 'root' uses 'item', which is not defined. Define it (item ::= …), or correct the name.")]
    [InlineData("main ::= \"x\"", "1, column 1: There is no rule 'root', which every text follows. Name the outermost rule root.")]
    [InlineData("", "1, column 1: There is no rule 'root', which every text follows. Name the outermost rule root.")]
    [InlineData("root ::= \"x\"\n\nroot ::= \"y\"", "3, column 1: Rule 'root' is defined a second time. Join the definitions with |, or rename one.")]
    [InlineData("root ::= \"x\"\n::= \"y\"", "2, column 1: A rule's name is expected here, but ':' follows. A rule is name ::= …, with a name of letters, digits, - and _.")]
    [InlineData("root ::= \"x\" $ \"y\"", "1, column 14: '$' cannot stand here. A rule ends with its line; quote characters that are meant literally.")]
    [InlineData("root ::= \"x\" ::= \"y\"", "1, column 14: ':' cannot stand here. A rule ends with its line; quote characters that are meant literally.")]
    [InlineData("root ::= (\"x\" | \n \"y\"", "2, column 5: The grammar ends inside a group. Close the group that begins at line 1, column 10 with ')'.")]
    [InlineData("root ::= (\"x\" ] ", "1, column 15: ']' cannot stand in a group. Close the group that begins at line 1, column 10 with ')'.")]
    [InlineData("root ::= \"x", "1, column 10: The text that begins here has no end. Close it with \".")]
    [InlineData("root ::= [a-", "1, column 10: The class that begins here has no end. Close it with ].")]
    [InlineData("root ::= []", "1, column 10: The class has no character. Write \"\" for the empty text, and . for any character.")]
    [InlineData("root ::= [^\\U00000000-\\U0010FFFF]", "1, column 10: The class has no character. Write \"\" for the empty text, and . for any character.")]
    [InlineData("root ::= [az-a]", "1, column 12: The range from U+007A to U+0061 runs backwards. Swap its ends; a minus sign that is meant literally is \\-.")]
    [InlineData("root ::= \"\\q\"", "1, column 11: The escape '\\q' is not known. " + Escapes)]
    [InlineData("root ::= \"\\u12\"", "1, column 11: The escape needs 4 hexadecimal digits, but after 2 '\"' follows. " + Escapes)]
    [InlineData("root ::= \"\\", "1, column 11: A backslash ends the grammar. " + Escapes)]
    [InlineData("root ::= \"\\U00110000\"", "1, column 11: U+110000 is above U+10FFFF, the last character. Write a code point of Unicode.")]
    [InlineData("root ::= \"\\uD83D\"", "1, column 11: U+D83D is half of a surrogate pair, which no text has. Write the character that the pair stands for, as \\UHHHHHHHH.")]
    [InlineData("root ::= *", "1, column 10: There is nothing to repeat here. Write a text, a class, a group or a rule before *, +, ? or {…}.")]
    [InlineData("root ::= \"a\"{3,2}", "1, column 13: The repetition {3,2} ends below its beginning. Write {2,3}, or {3,} for no upper bound.")]
    [InlineData("root ::= \"a\"{,2}", "1, column 14: A count is expected here, but ',' follows. Write {m}, {m,} or {m,n}; at most n is {0,n}.")]
    [InlineData("root ::= \"a\"{2;3}", "1, column 15: '}' is expected after the counts, but ';' follows. Write {m}, {m,} or {m,n}.")]
    [InlineData("root ::= \"a\"{9999999999}", "1, column 14: The count 9999999999 is above 1,000,000, the most that is followed. Lower it, write {m,} for no upper bound, or raise the limit ConstraintLimits.RepetitionCount.")]
    [InlineData("root ::= \"a\" root", "1, column 1: Rule 'root' never ends: each of its alternatives leads to a rule that needs itself again. Add an alternative that ends.")]
    [InlineData("root ::= \"a\" | deep\ndeep ::= \"b\" other\nother ::= \"c\" deep", "2, column 1: Rule 'deep' never ends: each of its alternatives leads to a rule that needs itself again. Add an alternative that ends.")]
    [InlineData("root ::= root \"a\" | \"b\"", "1, column 1: Rule 'root' begins with itself (root → root), " + Behind)]
    [InlineData("root ::= \"(\" expr \")\"\nexpr ::= term \"+\" term\nterm ::= expr | \"1\"", "2, column 1: Rule 'expr' begins with itself (expr → term → expr), " + Behind)]
    [InlineData("root ::= ws (\"x\"? root \"y\" | \"z\")\nws ::= \" \"*", "1, column 1: Rule 'root' begins with itself (root → root), " + Behind)]
    public void Compile_Malformed_SaysWhatWhereAndWhatToDo(string gbnf, string expected) => Assert.Equal(Where + expected, GrammarRun.Error(gbnf));

    [Fact]
    public void Compile_Malformed_TellsThePlace()
    {
        var error = Assert.Throws<GrammarSyntaxException>(() => GrammarRun.Match("root ::= \"é😀\" $"));

        Assert.Equal((1, 16), (error.Line, error.Column));
    }

    [Fact]
    public void Compile_HalfACharacter_IsRefused() => Assert.Equal(
        Where + "1, column 11: U+D83D is half of a surrogate pair, which is no character. Write the character whole, or as \\UHHHHHHHH.", GrammarRun.Error("root ::= \"\uD83D\""));

    [Fact]
    public void Compile_DeepGroups_NamesTheLimit()
    {
        const string Expected = "The grammar opens more than 250 groups within each other. Give some of them names, as rules of their own, or raise the limit ConstraintLimits.GrammarDepth.";

        Assert.Equal(Expected, GrammarRun.Error("root ::= " + new string('(', 100_000)));
        Assert.Equal(Expected, GrammarRun.Error("root ::= \"a\"" + new string('?', 100_000)));
        string most = "root ::= " + new string('(', 250) + "\"a\"" + string.Concat(Enumerable.Repeat("\"b\")?", 250));
        Assert.True(GrammarRun.IsMatch(most, "a" + new string('b', 250)));
    }

    [Fact]
    public void Compile_TooLong_NamesTheLimit() => Assert.Equal(
        "The grammar has 10,000,009 characters; at most 500,000 are read. Shorten it, or raise the limit ConstraintLimits.GrammarLength.",
        GrammarRun.Error("root ::= " + new string('x', 10_000_000)));

    [Fact]
    public void Compile_TooManyExpressions_NamesTheLimit() => Assert.StartsWith(
        "The constraint needs more than 1,000 expressions.",
        GrammarRun.Error("root ::= \"" + new string('x', 2000) + "\"", new ConstraintLimits { Expressions = 1000 }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("root ::= <[999]>", "1, column 10: <[999]> is no token of the model. Write <[id]> with an id from 0 to 262.")]
    [InlineData("root ::= <[x]>", "1, column 10: <[x]> is no token of the model. Write <[id]> with an id from 0 to 262.")]
    [InlineData("root ::= <nope>", "1, column 10: No token of the model has the text <nope>. A token is <[id]>, or its whole text where that has the form <…>; quote a text that may be several tokens.")]
    [InlineData("root ::= <tool>", "1, column 10: Tokens 260 and 261 both have the text <tool>. Say which one is meant: <[260]> or <[261]>.")]
    [InlineData("root ::= <[0]>", "1, column 10: Token 0 ends the generation or stands for nothing, so no rule can go on with it. Leave it out: where the rule root may end, tokens that end the generation are legal.")]
    [InlineData("root ::= <think", "1, column 16: The grammar ends inside a token reference. Close it with '>'.")]
    [InlineData("root ::= ![a]", "1, column 11: A token is expected after '!', but '[' follows. Write !<[id]> or !<name> for any token but that one; to exclude characters, write [^…].")]
    public void Compile_UnknownToken_SaysWhichAreKnown(string gbnf, string expected) =>
        Assert.Equal(Where + expected, GrammarRun.Error(gbnf, vocabulary: GrammarRun.Markers));
}
