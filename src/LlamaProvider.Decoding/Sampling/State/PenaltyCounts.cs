using System.Runtime.InteropServices;

namespace LlamaProvider.Decoding.Sampling.State;

/// <summary>How often each token occurs in the windows that penalties look at.</summary>
/// <param name="textWindow">Tokens of prompt and answer that count for the repetition penalty.</param>
/// <param name="answerWindow">Tokens of the answer (with <paramref name="countPrompt"/>: of both) that count for the frequency and presence penalties.</param>
/// <param name="countPrompt">Whether the prompt counts for the frequency and presence penalties too.</param>
internal sealed class PenaltyCounts(int textWindow, int answerWindow, bool countPrompt) : HistoryTracker
{
    private readonly Dictionary<int, Occurrences> _counts = [];

    /// <summary>Every token that occurs in a window.</summary>
    public Dictionary<int, Occurrences> Counts => _counts;

    public override void Add(ReadOnlySpan<int> history, int promptLength)
    {
        int last = history.Length - 1;
        Change(history[last], 1, CountInAnswer(last, promptLength));
        Slide(history, last - textWindow, last - answerWindow, promptLength, -1);
    }

    public override void Remove(ReadOnlySpan<int> history, int promptLength)
    {
        int last = history.Length - 1;
        Slide(history, last - textWindow, last - answerWindow, promptLength, 1);
        Change(history[last], -1, -CountInAnswer(last, promptLength));
    }

    public override HistoryTracker Fork()
    {
        var fork = new PenaltyCounts(textWindow, answerWindow, countPrompt);
        fork._counts.EnsureCapacity(_counts.Count);
        foreach ((int token, Occurrences occurrences) in _counts)
        {
            fork._counts.Add(token, occurrences);
        }

        return fork;
    }

    /// <summary>The tokens that leave the windows at one end, or come back into them.</summary>
    private void Slide(ReadOnlySpan<int> history, int textIndex, int answerIndex, int promptLength, int change)
    {
        if (textIndex >= 0)
        {
            Change(history[textIndex], change, 0);
        }

        if (answerIndex >= 0)
        {
            Change(history[answerIndex], 0, change * CountInAnswer(answerIndex, promptLength));
        }
    }

    /// <summary>1 for a token that counts for the frequency and presence penalties, 0 for the prompt's.</summary>
    private int CountInAnswer(int index, int promptLength) => countPrompt || index >= promptLength ? 1 : 0;

    private void Change(int token, int inText, int inAnswer)
    {
        ref Occurrences occurrences = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, token, out _);
        occurrences = new Occurrences(occurrences.InText + inText, occurrences.InAnswer + inAnswer);
        if (occurrences is { InText: 0, InAnswer: 0 })
        {
            _counts.Remove(token);
        }
    }

    /// <summary>Occurrences of one token.</summary>
    /// <param name="InText">In the window of prompt and answer.</param>
    /// <param name="InAnswer">In the window of the answer.</param>
    internal readonly record struct Occurrences(int InText, int InAnswer);
}
