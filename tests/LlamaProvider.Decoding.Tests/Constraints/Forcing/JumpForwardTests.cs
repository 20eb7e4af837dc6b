using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Forcing;

public sealed class JumpForwardTests
{
    private static readonly string[] Words = ["name", "{\"", "\":", "\":\"", "names", "é", "éa", "the", " the", "  ", "x<turn>"];
    private static readonly ScriptedModel Model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes(Words));

    [Theory]
    [InlineData("", "{\"name\":", "1", "{\"|name|\":")]
    [InlineData("", "{\"name\":", "1\"", "{\"|name")]
    [InlineData("{\"", "name", "s", "")]
    [InlineData("{\"", "name", "\"", "name")]
    [InlineData("", "{\"name", "s\"", "{\"")]
    [InlineData("n", "ame\":", "1", "")]
    [InlineData("", "xyz", "", "x|y|z")]
    [InlineData("x", "the ", "t", "the")]
    [InlineData("x", "the ", "1", "the")]
    [InlineData("x", "   ", "1", "")]
    [InlineData("x", "bé", "b", "b|é")]
    [InlineData("x", "bé", "a", "b")]
    public void Append_ForcedText_KeepsBackWhatMayMerge(string text, string forced, string next, string expected) =>
        Assert.Equal(expected, Read(Model.Tokenizer.EncodeText(text), Encoding.UTF8.GetBytes(forced), next));

    [Fact]
    public void Append_PartOfACharacter_IsLeftToTheModel()
    {
        byte[] forced = [.. "b"u8, "é"u8[0]];

        Assert.Equal("b", Read([ScriptedVocabulary.Byte('x')], forced, "b"));
        Assert.Equal("", Read([ScriptedVocabulary.Byte('x')], forced[1..], "b"));
    }

    [Fact]
    public void Append_AfterAControlToken_TakesItForNoText()
    {
        Assert.Equal("b", Read([ScriptedVocabulary.Byte('x'), 1], "b"u8, ""));
        Assert.Equal("", Read([.. "x<turn"u8.ToArray().Select(value => ScriptedVocabulary.Byte((char)value))], ">"u8, ""));
    }

    [Fact]
    public void Append_ContextBeginsInsideACharacter_IsCutToWholeOnes()
    {
        int[] text = [1, .. Enumerable.Range(0, 31).SelectMany(_ => "é"u8.ToArray()).Select(value => 2 + value), ScriptedVocabulary.Byte('x')];

        Assert.Equal("b", Read([.. text[..1], .. text[2..]], "b"u8, ""));
    }

    [Fact]
    public void Append_TextThatTheVocabularyCannotWrite_IsLeftToTheModel()
    {
        var vocabulary = new Vocabulary([new("a"u8.ToArray()), new("b"u8.ToArray())], new SpecialTokens());
        var tokens = new List<int> { 7 };

        new JumpForward(new ConstraintVocabulary(vocabulary), ScriptedModel.PseudoRandom(vocabulary).Tokenizer).Append([0], "abc"u8, default, tokens);

        Assert.Equal([7], tokens);
    }

    private static string Read(List<int> text, ReadOnlySpan<byte> forced, string next)
    {
        ByteSet follows = next.Aggregate(default(ByteSet), (set, letter) => set | ByteSet.Of((byte)letter));
        var tokens = new List<int>();
        new JumpForward(new ConstraintVocabulary(Model.Vocabulary), Model.Tokenizer).Append([.. text], forced, follows, tokens);
        return string.Join('|', tokens.Select(Model.Vocabulary.GetText));
    }
}
