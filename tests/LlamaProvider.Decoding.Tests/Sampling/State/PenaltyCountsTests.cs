using CsCheck;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Tests.Sampling.State;

public sealed class PenaltyCountsTests
{
    [Fact]
    public void Counts_AnyAddsAndRemoves_AreThoseOfARecount() =>
        Gen.Select(Gen.Int[0, 5].Array[0, 10], Gen.Int[-3, 5].Array[0, 60], Gen.OneOf(Gen.Int[1, 12], Gen.Const(int.MaxValue)), Gen.OneOf(Gen.Int[1, 12], Gen.Const(int.MaxValue)), Gen.Bool)
            .Sample(
                (prompt, changes, textWindow, answerWindow, countPrompt) =>
                {
                    var counts = new PenaltyCounts(textWindow, answerWindow, countPrompt);
                    var history = new List<int>();
                    foreach (int token in prompt)
                    {
                        Change(counts, history, token, prompt.Length);
                    }

                    foreach (int change in changes)
                    {
                        Change(counts, history, change, prompt.Length);
                        AssertRecounted(counts, history, prompt.Length, textWindow, answerWindow, countPrompt);
                    }
                },
                iter: 1000);

    [Fact]
    public void Fork_ChangesOnEitherSide_DoNotReachTheOther()
    {
        var counts = new PenaltyCounts(4, 4, countPrompt: false);
        var history = new List<int>();
        Change(counts, history, 1, promptLength: 0);
        var fork = (PenaltyCounts)counts.Fork();
        List<int> forked = [.. history];

        Change(fork, forked, 2, promptLength: 0);
        Change(counts, history, 3, promptLength: 0);

        AssertRecounted(counts, [1, 3], 0, 4, 4, countPrompt: false);
        AssertRecounted(fork, [1, 2], 0, 4, 4, countPrompt: false);
    }

    /// <summary>Adds a token, or takes the last one of the answer back when the number is negative.</summary>
    private static void Change(PenaltyCounts counts, List<int> history, int change, int promptLength)
    {
        if (change >= 0)
        {
            history.Add(change);
            counts.Add(history.ToArray(), promptLength);
        }
        else if (history.Count > promptLength)
        {
            counts.Remove(history.ToArray(), promptLength);
            history.RemoveAt(history.Count - 1);
        }
    }

    private static void AssertRecounted(PenaltyCounts counts, List<int> history, int promptLength, int textWindow, int answerWindow, bool countPrompt)
    {
        int[] text = [.. history.TakeLast(textWindow)];
        int[] answer = [.. history.Select((token, index) => (token, index)).TakeLast(answerWindow)
            .Where(item => countPrompt || item.index >= promptLength).Select(item => item.token)];

        Assert.Equal(text.Concat(answer).Distinct().Order(), counts.Counts.Keys.Order());
        Assert.All(counts.Counts, pair => Assert.Equal(
            new PenaltyCounts.Occurrences(text.Count(token => token == pair.Key), answer.Count(token => token == pair.Key)), pair.Value));
    }
}
