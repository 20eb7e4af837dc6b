using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Grammar;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Grammar;

/// <summary>Compiles grammars over bytes and a few words.</summary>
internal static class GrammarRun
{
    public static ConstraintVocabulary Vocabulary { get; } = new(ScriptedVocabulary.Bytes("ab", "<think>", "</think>"));

    /// <summary>A vocabulary with a marker of each kind: 0 ends the generation, 1 is control, 258 user-defined, 259 its twin, 260 control, 261 the same text once more, 262 empty.</summary>
    public static ConstraintVocabulary Markers { get; } = new(new Vocabulary(
        [
            .. Enumerable.Range(0, 258).Select(token => new VocabularyEntry(ScriptedVocabulary.Bytes().GetBytes(token).ToArray(), ScriptedVocabulary.Bytes().GetAttributes(token))),
            new("<think>"u8.ToArray(), TokenAttributes.UserDefined),
            new("<think>"u8.ToArray()),
            new("<tool>"u8.ToArray(), TokenAttributes.Control),
            new("<tool>"u8.ToArray(), TokenAttributes.Control),
            new(ReadOnlyMemory<byte>.Empty),
        ],
        new SpecialTokens { EndOfText = 0 }));

    public static GrammarMatcher Match(string gbnf, ConstraintVocabulary? vocabulary = null, ConstraintLimits? limits = null) =>
        GrammarCompiler.Compile(gbnf, vocabulary ?? Vocabulary, limits ?? ConstraintLimits.Default).CreateMatcher();

    public static bool IsMatch(string gbnf, string text) => Match(gbnf) is var matcher && matcher.Accept(Encoding.UTF8.GetBytes(text)) && matcher.CanEnd;

    public static string Error(string gbnf, ConstraintLimits? limits = null, ConstraintVocabulary? vocabulary = null) =>
        Assert.ThrowsAny<LlamaException>(() => Match(gbnf, vocabulary, limits)).Message;

    public static HashSet<int> Legal(ITokenConstraint matcher, int count)
    {
        var mask = new TokenMask(count);
        matcher.FillMask(mask);
        return [.. Enumerable.Range(0, count).Where(token => mask[token])];
    }
}
