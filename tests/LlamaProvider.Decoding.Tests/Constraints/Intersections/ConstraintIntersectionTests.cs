using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Intersections;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Intersections;

public sealed class ConstraintIntersectionTests
{
    private static readonly Vocabulary Vocabulary = ScriptedVocabulary.Bytes("ab", "bc");

    [Fact]
    public void FillMask_TwoConstraints_HasWhatBothAllow()
    {
        var both = new ConstraintIntersection(Forbid("ab"), Forbid("bc"));
        var mask = new TokenMask(Vocabulary.Count);

        both.FillMask(mask);

        Assert.False(mask[258] || mask[259]);
        Assert.True(mask[ScriptedVocabulary.Byte('b')] && mask[0] && both.CanEnd);
    }

    [Fact]
    public void Accept_OnePartRefuses_ChangesNothing()
    {
        var both = new ConstraintIntersection(Forbid("xx"), Forbid("ab"));
        Assert.True(both.Accept(ScriptedVocabulary.Byte('a')));
        ITokenConstraint fork = both.Fork();

        Assert.False(both.Accept(ScriptedVocabulary.Byte('b')));
        Assert.True(both.Accept(ScriptedVocabulary.Byte('x')));
        Assert.False(both.Accept(ScriptedVocabulary.Byte('x')));
        both.Rollback(2);
        Assert.False(fork.Accept(ScriptedVocabulary.Byte('b')));
    }

    [Fact]
    public void FillMask_NothingIsAllowedByBoth_IsEmpty()
    {
        var both = new ConstraintIntersection(
            ConstraintFactory.Compile(new ConstraintVocabulary(Vocabulary), required: new PhraseOptions { Phrases = ["a"] }, lengths: new() { MaxTokens = 1 }).CreateMatcher(),
            ConstraintFactory.Compile(new ConstraintVocabulary(Vocabulary), required: new PhraseOptions { Phrases = ["c"] }, lengths: new() { MaxTokens = 1 }).CreateMatcher());
        var mask = new TokenMask(Vocabulary.Count);

        both.FillMask(mask);

        Assert.Equal(0, mask.Count);
        Assert.False(both.CanEnd);
    }

    private static ITokenConstraint Forbid(string phrase) =>
        ConstraintFactory.Compile(new ConstraintVocabulary(Vocabulary), forbidden: new PhraseOptions { Phrases = [phrase] }).CreateMatcher();
}
