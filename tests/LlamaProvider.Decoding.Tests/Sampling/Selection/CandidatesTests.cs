using CsCheck;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.TestSupport.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling.Selection;

public sealed class CandidatesTests
{
    [Fact]
    public void Edits_AnyOrder_KeepTokensAscendingAndTheRowUnchanged() =>
        Gen.Select(LogitRows.Any, Gen.Int[0, 4].Array[0, 6], Gen.Int[1, 100]).Sample(
            (row, edits, number) =>
            {
                float[] before = [.. row];
                Dictionary<int, float> expected = LogitRows.Ranking(row).ToDictionary(token => token, token => row[token]);
                var candidates = new Candidates(row, new SamplerWorkspace());
                foreach (int edit in edits)
                {
                    expected = Edit(ref candidates, expected, edit, number);
                }

                Assert.Equal(before, row);
                Assert.Equal(candidates.Tokens.ToArray().Order(), candidates.Tokens.ToArray());
                Assert.Equal(expected.OrderBy(pair => pair.Key), Finite(candidates));
                Assert.Equal(expected.Count > 0, candidates.Any);
                Assert.Equal(expected.Count > 0 ? expected.Values.Max() : float.NegativeInfinity, candidates.Largest);
            },
            iter: 1000);

    [Fact]
    public void IndexOf_AnyToken_IsWhereItStandsOrNegative() =>
        Gen.Select(LogitRows.Any, Gen.Int[1, 100]).Sample((row, k) =>
        {
            var candidates = new Candidates(row, new SamplerWorkspace());
            Assert.Equal(row.Length - 1, candidates.IndexOf(row.Length - 1));
            candidates.KeepTop(k);
            candidates.KeepFinite();
            int[] tokens = candidates.Tokens.ToArray();
            for (int token = 0; token < row.Length; token++)
            {
                int index = candidates.IndexOf(token);
                Assert.Equal(Array.IndexOf(tokens, token), Math.Max(index, -1));
                Assert.True(index < 0 || candidates.TokenAt(index) == token);
            }
        });

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    [InlineData(1025)]
    public void Draw_EvenlySpacedNumbers_FollowTheWeights(int count)
    {
        float[] row = [.. Enumerable.Range(0, count).Select(i => i % 5 == 4 ? float.NegativeInfinity : (float)(3 * Math.Sin(i * 0.37)))];
        var candidates = new Candidates(row, new SamplerWorkspace());
        double total = candidates.Weigh(out _);
        var random = new Xoshiro256(9);
        int[] counts = new int[count];
        for (int i = 0; i < 200_000; i++)
        {
            counts[candidates.Draw(total, ref random)]++;
        }

        int degrees = Math.Max(1, LogitRows.Ranking(row).Length - 1);
        Assert.InRange(Statistics.ChiSquare(counts, StageRun.Softmax(row)), 0, Statistics.ChiSquareLimit(degrees));
    }

    [Fact]
    public void Draw_OneNumber_IsTheFirstTokenWhoseCumulativeWeightExceedsIt() =>
        Gen.Select(Gen.Int[0, 12].Select(i => (float)Math.Log(Math.Pow(2, -i))).Array[1, 600], Gen.ULong).Sample((row, seed) =>
        {
            var candidates = new Candidates(row, new SamplerWorkspace());
            double total = candidates.Weigh(out _);
            var random = new Xoshiro256(seed);
            Xoshiro256 same = random;
            int drawn = candidates.Draw(total, ref random);

            double[] cumulative = new double[row.Length + 1];
            double[] probabilities = StageRun.Softmax(row);
            for (int i = 0; i < row.Length; i++)
            {
                cumulative[i + 1] = cumulative[i] + probabilities[i];
            }

            double number = same.NextDouble();
            Assert.InRange(number, cumulative[drawn] - 1e-6, cumulative[drawn + 1] + 1e-6);
            Assert.Equal(same.NextUInt64(), random.NextUInt64());
        });

    [Fact]
    public void Replace_ATokenThatIsNoCandidate_MakesItTheOnlyOne()
    {
        var candidates = new Candidates([1f, float.NegativeInfinity, 2f], new SamplerWorkspace());
        candidates.Replace(1, 5f);

        Assert.Equal([1], candidates.Tokens.ToArray());
        Assert.Equal([5f], candidates.Logits.ToArray());
        Assert.Equal(5f, candidates.Largest);
    }

    private static Dictionary<int, float> Edit(ref Candidates candidates, Dictionary<int, float> expected, int edit, int number)
    {
        switch (edit)
        {
            case 0:
                candidates.KeepTop(number);
                return expected.OrderBy(pair => (-pair.Value, pair.Key)).Take(number).ToDictionary();
            case 1:
                float threshold = (number - 50) / 4f;
                candidates.KeepAtLeast(threshold);
                return expected.Where(pair => pair.Value >= threshold).ToDictionary();
            case 2:
                candidates.KeepFinite();
                return expected;
            case 3:
                foreach (ref float logit in candidates.EditLogits())
                {
                    logit += 0.5f;
                }

                return expected.ToDictionary(pair => pair.Key, pair => pair.Value + 0.5f);
            default:
                Span<float> logits = candidates.EditLogits();
                for (int index = 0; index < logits.Length; index += 3)
                {
                    expected.Remove(candidates.TokenAt(index));
                    logits[index] = float.NegativeInfinity;
                }

                return expected;
        }
    }

    private static List<KeyValuePair<int, float>> Finite(in Candidates candidates)
    {
        var finite = new List<KeyValuePair<int, float>>();
        for (int index = 0; index < candidates.Count; index++)
        {
            if (float.IsFinite(candidates.Logits[index]))
            {
                finite.Add(new(candidates.TokenAt(index), candidates.Logits[index]));
            }
        }

        return finite;
    }
}
