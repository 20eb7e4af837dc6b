using System.Text;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.TestSupport.Scripted;

/// <summary>Small vocabularies for scripted models.</summary>
public static class ScriptedVocabulary
{
    public const string EndOfText = "<end>";
    public const string TurnStart = "<turn>";

    /// <summary>Two control tokens (0 ends a generation), then all 256 bytes, then <paramref name="words"/>.</summary>
    public static Vocabulary Bytes(params string[] words)
    {
        List<VocabularyEntry> entries =
        [
            new(Encoding.UTF8.GetBytes(EndOfText), TokenAttributes.Control | TokenAttributes.EndOfGeneration),
            new(Encoding.UTF8.GetBytes(TurnStart), TokenAttributes.Control),
            .. Enumerable.Range(0, 256).Select(value => new VocabularyEntry(new[] { (byte)value }, TokenAttributes.Byte)),
            .. words.Select(word => new VocabularyEntry(Encoding.UTF8.GetBytes(word))),
        ];
        return new Vocabulary(entries, new SpecialTokens { EndOfText = 0 });
    }

    /// <summary>The token of a byte in <see cref="Bytes"/>.</summary>
    public static int Byte(char value) => 2 + (byte)value;
}
