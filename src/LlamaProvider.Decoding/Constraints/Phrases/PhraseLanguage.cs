using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex.Characters;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

namespace LlamaProvider.Decoding.Constraints.Phrases;

/// <summary>The texts that contain every required phrase and no forbidden one, as one regular language.</summary>
/// <remarks>
/// <para>
/// "Contains p" is Σ*·p·Σ*, "does not contain p" its complement, and all of them together an intersection with the well-formed UTF-8 texts. Its derivatives are the automaton
/// of Aho and Corasick (1975) and a set of the phrases that were said; they need not be written down, since <see cref="ByteAlgebra"/> makes those that a text leads
/// to, and its liveness is exact: a state from which every text completes a forbidden phrase before it has said a required one does not exist. A phrase across token
/// borders is nothing special, since tokens are only bytes.
/// </para>
/// <para>
/// <c>Stopping.StopSequences</c> has the same automaton as a table. It is not used: a table cannot say letters of either case and word borders in a few more
/// states, nor intersect.
/// </para>
/// <para>
/// A phrase that was required and said leaves the intersection, because Σ* is its neutral element; what stays is what is missing. <see cref="CountMissing"/> counts the parts,
/// which makes progress visible.
/// </para>
/// </remarks>
internal static class PhraseLanguage
{
    /// <summary>Letters, marks and numbers: what words are made of.</summary>
    public static CodePointSet WordCharacters { get; } =
        UnicodeProperties.Find("L")!.Union(UnicodeProperties.Find("M")!).Union(UnicodeProperties.Find("N")!);

    /// <summary>The language of the conditions.</summary>
    public static ByteExpression Build(ByteAlgebra algebra, PhraseOptions required, PhraseOptions forbidden)
    {
        var parts = new List<ByteExpression> { Utf8Encoding.Instance.AnyText(algebra) };
        foreach (string phrase in required.Phrases.Distinct(StringComparer.Ordinal))
        {
            parts.Add(Containing(algebra, phrase, required));
        }

        ByteExpression never = algebra.Choice([.. forbidden.Phrases.Select(phrase => Containing(algebra, phrase, forbidden))]);
        parts.Add(algebra.Complement(never));
        return algebra.Intersection([.. parts]);
    }

    /// <summary>A number that never grows along a text, and falls with every required phrase that is said.</summary>
    public static int CountMissing(ByteExpression state) => state is Automata.Expressions.IntersectionExpression ? state.Parts.Length : 1;

    /// <summary>
    /// The bytes that nearly always are enough to say the phrases from anywhere: a space where a phrase must not touch a word, the phrases' own, and what ends a character that was
    /// begun.
    /// </summary>
    public static byte[] LikelyBytes(PhraseOptions required) =>
        [.. " "u8.ToArray().Concat(required.Phrases.SelectMany(Encoding.UTF8.GetBytes)).Concat(new byte[] { 0x80, 0x90, 0xA0 }).Distinct()];

    private static ByteExpression Containing(ByteAlgebra algebra, string phrase, PhraseOptions options)
    {
        ByteExpression text = algebra.Empty;
        Rune[] runes = [.. phrase.EnumerateRunes()];
        for (int i = runes.Length - 1; i >= 0; i--)
        {
            CodePointSet character = CodePointSet.Of(runes[i].Value);
            character = options.IgnoreCase ? CaseFolding.Close(character) : character;
            text = algebra.Sequence(Utf8Encoding.Instance.Encode(character, algebra), text);
        }

        ByteExpression before = algebra.Anything;
        ByteExpression after = algebra.Anything;
        if (options.WholeWords)
        {
            ByteExpression other = Utf8Encoding.Instance.Encode(WordCharacters.Complement(), algebra);
            before = WordCharacters.Contains(runes[0].Value) ? algebra.Optional(algebra.Sequence(algebra.Anything, other)) : before;
            after = WordCharacters.Contains(runes[^1].Value) ? algebra.Optional(algebra.Sequence(other, algebra.Anything)) : after;
        }

        return algebra.Sequence(before, text, after);
    }
}
