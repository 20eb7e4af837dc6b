using System.Text;
using CsCheck;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Decoding.Tests.Sampling.State;

public sealed class BreakerPositionsTests
{
    private static readonly string[] Texts = ["a", "b", "ab", "bab", "\n", ""];
    private static readonly Vocabulary Vocabulary = new(Texts.Select(text => new VocabularyEntry(Encoding.UTF8.GetBytes(text))), new SpecialTokens());
    private static readonly Gen<string[]> Breakers = Gen.OneOf("ab", "bb", "\n", "abab", "a\nb", "aba").Array[0, 3];

    [Fact]
    public void TokensSinceBreaker_AnyAddsAndRemoves_AreThoseOfASearchInTheText() =>
        Gen.Select(Breakers, Gen.Int[-3, 5].Array[1, 60]).Sample(
            (breakers, changes) =>
            {
                var positions = new BreakerPositions(Vocabulary, new StopSequences(breakers));
                var history = new List<int>();
                foreach (int change in changes)
                {
                    if (change >= 0)
                    {
                        history.Add(change);
                        positions.Add(history.ToArray(), promptLength: 0);
                    }
                    else if (history.Count > 0)
                    {
                        positions.Remove(history.ToArray(), promptLength: 0);
                        history.RemoveAt(history.Count - 1);
                    }

                    Assert.Equal(Search(breakers, history), positions.TokensSinceBreaker);
                }
            },
            iter: 1000);

    [Fact]
    public void IsBreaker_AnyToken_WhenItHoldsAWholeOne() => Breakers.Sample(breakers =>
    {
        var positions = new BreakerPositions(Vocabulary, new StopSequences(breakers));
        Assert.All(Enumerable.Range(0, Texts.Length), token =>
            Assert.Equal(breakers.Any(breaker => Texts[token].Contains(breaker, StringComparison.Ordinal)), positions.IsBreaker(token)));
    });

    [Fact]
    public void Fork_ChangesOnEitherSide_DoNotReachTheOther()
    {
        var positions = new BreakerPositions(Vocabulary, new StopSequences(["ab"]));
        positions.Add([2], promptLength: 0);
        positions.Add([2, 0], promptLength: 0);
        var fork = (BreakerPositions)positions.Fork();
        Assert.Equal(1, fork.TokensSinceBreaker);

        fork.Add([2, 0, 1], promptLength: 0);
        positions.Add([2, 0, 0], promptLength: 0);

        Assert.Equal(0, fork.TokensSinceBreaker);
        Assert.Equal(2, positions.TokensSinceBreaker);
        Assert.NotSame(positions.RepetitionLengths, fork.RepetitionLengths);
    }

    private static int Search(string[] breakers, List<int> history)
    {
        string text = "";
        int since = 0;
        foreach (int token in history)
        {
            int before = text.Length;
            text += Texts[token];
            since = Enumerable.Range(before + 1, text.Length - before).Any(end => breakers.Any(breaker => text[..end].EndsWith(breaker, StringComparison.Ordinal))) ? 0 : since + 1;
        }

        return since;
    }
}
