using System.Collections.Immutable;
using System.Text;

namespace LlamaProvider.Decoding.Constraints.Phrases;

/// <summary>Texts that an answer must contain, or may not contain. Immutable; equal when they say the same.</summary>
public sealed record PhraseOptions
{
    /// <summary>The most phrases that an answer can be made to contain: each doubles the states that an answer goes through.</summary>
    public const int MaxRequired = 16;

    /// <summary>No phrase.</summary>
    public static PhraseOptions None { get; } = new();

    /// <summary>The phrases. Default: none. Each is well-formed text of at least one character.</summary>
    public ImmutableArray<string> Phrases { get; init; } = [];

    /// <summary>
    /// Whether characters that differ only in case are the same, by Unicode's simple case folding: <c>É</c> is <c>é</c>, but <c>ß</c> is not <c>ss</c>. Default:
    /// <see langword="false"/>, ordinal.
    /// </summary>
    public bool IgnoreCase { get; init; }

    /// <summary>
    /// Whether a phrase counts only where it is not part of a longer word: where it begins or ends with a letter, mark or number, none of those may touch it there.
    /// Default: <see langword="false"/>.
    /// </summary>
    public bool WholeWords { get; init; }

    /// <inheritdoc/>
    public bool Equals(PhraseOptions? other) =>
        other is not null && IgnoreCase == other.IgnoreCase && WholeWords == other.WholeWords && Texts.SequenceEqual(other.Texts, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(IgnoreCase);
        hash.Add(WholeWords);
        foreach (string phrase in Texts)
        {
            hash.Add(phrase, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    internal bool IsEmpty => Phrases.IsDefaultOrEmpty;

    /// <summary>The phrases; none where the array was never made.</summary>
    private ImmutableArray<string> Texts => Phrases.IsDefault ? [] : Phrases;

    /// <param name="option">The option's name, for the message.</param>
    /// <param name="isRequired">Whether <see cref="MaxRequired"/> applies.</param>
    /// <exception cref="InvalidConstraintException">A value is out of its range.</exception>
    internal void Validate(string option, bool isRequired)
    {
        if (Phrases.IsDefault)
        {
            throw new InvalidConstraintException(option, $"{option} has an array of phrases that was never made. Give [] for no phrase.");
        }

        for (int i = 0; i < Phrases.Length; i++)
        {
            if (string.IsNullOrEmpty(Phrases[i]))
            {
                throw new InvalidConstraintException(option, $"{option}[{i}] is empty. A phrase has at least one character. Remove it.");
            }

            if (HasLoneSurrogate(Phrases[i]))
            {
                throw new InvalidConstraintException(
                    option, $"{option}[{i}] has half of a surrogate pair, which is no character. Give whole characters; a text cut between the halves of an emoji looks so.");
            }
        }

        if (isRequired && Phrases.Length > MaxRequired)
        {
            throw new InvalidConstraintException(option, $"{option} has {Phrases.Length} phrases; at most {MaxRequired} can be required. Require fewer.");
        }
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int used) != System.Buffers.OperationStatus.Done)
            {
                return true;
            }

            text = text[used..];
        }

        return false;
    }
}
