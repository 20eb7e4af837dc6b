using System.Text;
using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Model;

public sealed class VocabularyTests
{
    [Fact]
    public void GetBytes_EveryToken_ReturnsWhatItWasMadeOf()
    {
        Vocabulary vocabulary = ScriptedVocabulary.Bytes("hello", "é");

        Assert.Equal(260, vocabulary.Count);
        Assert.Equal([0x41], vocabulary.GetBytes(ScriptedVocabulary.Byte('A')).ToArray());
        Assert.Equal("hello", vocabulary.GetText(258));
        Assert.Equal("é"u8, vocabulary.GetBytes(259));
        Assert.Equal(6, vocabulary.LongestToken);
    }

    [Fact]
    public void Attributes_ControlAndEnd_AreNotText()
    {
        Vocabulary vocabulary = ScriptedVocabulary.Bytes();

        Assert.Equal([0], vocabulary.EndOfGeneration);
        Assert.Equal([0, 1], vocabulary.Control);
        Assert.True(vocabulary.IsEndOfGeneration(0));
        Assert.False(vocabulary.IsText(1));
        Assert.True(vocabulary.IsText(2));
    }

    [Fact]
    public void Create_NoTokens_IsRefused() => Assert.Equal(
        "The vocabulary has no token; a model needs at least one. (Parameter 'tokens')",
        Assert.Throws<ArgumentException>(() => new Vocabulary([], new SpecialTokens())).Message);

    [Fact]
    public void Create_SpecialTokenOutside_IsRefused() => Assert.StartsWith(
        "EndOfText is token 7, but the vocabulary has tokens 0 to 0.",
        Assert.Throws<ArgumentException>(() => new Vocabulary([new VocabularyEntry(Encoding.UTF8.GetBytes("a"))], new SpecialTokens { EndOfText = 7 })).Message);
}
