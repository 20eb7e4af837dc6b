namespace LlamaProvider.Decoding.Constraints.Lengths;

/// <summary>Whether a text of some length can still be completed within the lengths. Pure.</summary>
/// <remarks>
/// <para>
/// <b>Reserve.</b> Let w be the completion of the text after a token (<see cref="ICompletionPolicy"/>), and f what fills up to the minima behind it: <c>" a"</c> for a word,
/// <c>". a"</c> for a sentence. The token is legal when text, token, w and f together keep every maximum. If that holds once, it holds again after the first token of wf, since what
/// was counted for wf as a whole is counted for its parts; so there is always a legal token until the text is complete, and at the start the rule says whether the
/// conditions can be met at all.
/// </para>
/// <para>
/// That makes the maxima and what must be said certain, but not every text possible: one that would be completed more cleverly than by wf is given up a few tokens early.
/// </para>
/// <para>
/// <b>Completion at the maximum.</b> In free text a space behind the last word, or behind the last sentence's mark, says nothing more. It is not legal, so that only
/// what finishes the word or the sentence is left, and the end.
/// </para>
/// </remarks>
/// <param name="lengths">The lengths to keep.</param>
/// <param name="isFree">Whether there is no grammar, so that a fill is possible and a space behind the last word is not needed.</param>
internal sealed class LengthRule(LengthOptions lengths, bool isFree)
{
    public LengthOptions Lengths => lengths;

    /// <summary>Whether the text may end with these counts.</summary>
    public bool MeetsMinimum(LengthCounts counts) =>
        counts.Tokens >= lengths.MinTokens && counts.Words >= lengths.MinWords && counts.Sentences >= lengths.MinSentences;

    /// <summary>Whether a text can be completed within the maxima.</summary>
    /// <param name="counts">What it has.</param>
    /// <param name="place">Where it ends.</param>
    /// <param name="completion">What completes it, as far as that is known.</param>
    public bool CanComplete(LengthCounts counts, TextScanner place, Completion completion)
    {
        if (lengths.CountsText)
        {
            var added = default(TextCounts);
            foreach (byte value in completion.Text)
            {
                place = place.Advance(value, ref added);
            }

            counts = counts.With(added, completion.Tokens);
        }
        else
        {
            counts = counts.With(default, completion.Tokens);
        }

        int words = Math.Max(0, lengths.MinWords - counts.Words);
        int sentences = Math.Max(0, lengths.MinSentences - counts.Sentences);
        bool isStuck = words > 0 && counts.Sentences == lengths.MaxSentences && place.IsBetweenSentences;
        return !(counts.Tokens + (isFree ? place.BytesToBegin(words, sentences) : 0) > lengths.MaxTokens)
            && !(counts.Words + sentences > lengths.MaxWords)
            && !(counts.Sentences > lengths.MaxSentences)
            && !(isStuck && isFree);
    }

    /// <summary>Whether a text that may end goes on with nothing but space.</summary>
    /// <param name="before">What it has.</param>
    /// <param name="added">What the next token begins.</param>
    public bool RunsOn(LengthCounts before, TextCounts added) =>
        isFree && ((before.Words == lengths.MaxWords && added.HasSpaceAfterWord) || (before.Sentences == lengths.MaxSentences && added.HasSpaceAfterSentence));

    /// <summary>Whether any token can pass a maximum, or run on.</summary>
    /// <param name="counts">What the text has.</param>
    /// <param name="table">The tokens' words and sentences; <see langword="null"/> when they are not counted.</param>
    /// <param name="successors">The completions after the tokens; <see langword="null"/> when they are not known.</param>
    public bool MayBind(LengthCounts counts, LengthTable? table, SuccessorTable? successors)
    {
        int words = Math.Max(0, lengths.MinWords - counts.Words);
        int sentences = Math.Max(0, lengths.MinSentences - counts.Sentences);
        int bytes = successors?.MostBytes ?? 0;
        return counts.Tokens + 1L + (successors?.MostTokens ?? 0) + (isFree ? (2L * words) + (3L * sentences) : 0) > lengths.MaxTokens
            || counts.Words + table?.MostWords + bytes + sentences >= lengths.MaxWords
            || counts.Sentences + table?.MostSentences + bytes >= lengths.MaxSentences;
    }
}

/// <summary>How long a text is.</summary>
internal readonly record struct LengthCounts(int Tokens, int Words, int Sentences)
{
    public LengthCounts With(TextCounts added, int tokens) => new(Tokens + tokens, Words + added.Words, Sentences + added.Sentences);
}
