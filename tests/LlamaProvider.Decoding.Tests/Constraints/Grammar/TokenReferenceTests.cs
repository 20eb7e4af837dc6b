using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Grammar;

public sealed class TokenReferenceTests
{
    private const int Control = 1;
    private const int Think = 258;
    private const int ThinkTwin = 259;
    private const int Count = 263;

    private static readonly Vocabulary Tokens = GrammarRun.Markers.Vocabulary;

    [Theory]
    [InlineData("root ::= <think>", Think)]
    [InlineData("root ::= <[258]>", Think)]
    [InlineData("root ::= <[259]>", ThinkTwin)]
    [InlineData("root ::= <turn>", Control)]
    public void FillMask_OneToken_AllowsItAlone(string gbnf, int token)
    {
        GrammarMatcher matcher = GrammarRun.Match(gbnf, GrammarRun.Markers);

        Assert.Equal([token], GrammarRun.Legal(matcher, Count));
        Assert.False(matcher.Accept(ScriptedVocabulary.Byte('<')));
        Assert.True(matcher.Accept(token));
        Assert.Equal([0], GrammarRun.Legal(matcher, Count));
        Assert.True(matcher.CanEnd);
    }

    [Fact]
    public void FillMask_AnyTokenButOne_AllowsAllThatStandForSomething()
    {
        GrammarMatcher matcher = GrammarRun.Match("root ::= !<think>", GrammarRun.Markers);

        Assert.Equal(Enumerable.Range(1, Count - 2).Where(token => token != Think), GrammarRun.Legal(matcher, Count).Order());
        Assert.False(matcher.Accept(Think));
        Assert.False(matcher.Accept(262));
        Assert.True(matcher.Accept(Control));
        Assert.True(matcher.CanEnd);
    }

    [Fact]
    public void FillMask_TokenOrItsText_AllowsBothWays()
    {
        GrammarMatcher matcher = GrammarRun.Match("root ::= (<think> | \"<think>\" \"!\") \"x\"", GrammarRun.Markers);

        Assert.Equal([ScriptedVocabulary.Byte('<'), Think, ThinkTwin], GrammarRun.Legal(matcher, Count).Order());
        Assert.True(matcher.Accept(Think));
        Assert.Equal([ScriptedVocabulary.Byte('!'), ScriptedVocabulary.Byte('x')], GrammarRun.Legal(matcher, Count).Order());
        matcher.Rollback(1);
        Assert.True(matcher.Accept(ThinkTwin));
        Assert.Equal([ScriptedVocabulary.Byte('!')], GrammarRun.Legal(matcher, Count));
    }

    [Fact]
    public void FillMask_ThinkingBlock_GoesOnToItsEnd()
    {
        GrammarMatcher matcher = GrammarRun.Match("root ::= <think> !<turn>* <turn> [a-z]*", GrammarRun.Markers);

        Assert.True(matcher.Accept(Think));
        Assert.True(matcher.Accept(ScriptedVocabulary.Byte('\u00ff')));
        Assert.True(matcher.Accept(Think));
        Assert.False(matcher.CanEnd);
        Assert.True(matcher.Accept(Control));
        Assert.Equal([0, .. Enumerable.Range('a', 26).Select(letter => ScriptedVocabulary.Byte((char)letter))], GrammarRun.Legal(matcher, Count).Order());
    }

    [Fact]
    public void Accept_BytesOfAReference_AreNoToken()
    {
        GrammarMatcher matcher = GrammarRun.Match("root ::= <think>", GrammarRun.Markers);

        Assert.False(matcher.Accept(ScriptedVocabulary.Byte('\u00ff')));
        Assert.True(Tokens.GetBytes(Think).SequenceEqual("<think>"u8));
    }

    [Fact]
    public void FillMask_GrammarWithoutReferences_KeepsControlTokensOut()
    {
        GrammarMatcher matcher = GrammarRun.Match("root ::= .*", GrammarRun.Markers);

        Assert.DoesNotContain(Control, GrammarRun.Legal(matcher, Count));
        Assert.False(matcher.Accept(Control));
    }
}
