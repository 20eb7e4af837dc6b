using System.Text;
using CsCheck;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class DryStageTests
{
    /// <summary>Token 6 and 7 are the two bytes of 'é'; token 8 has no bytes.</summary>
    private static readonly byte[][] Texts = ["a"u8.ToArray(), "b"u8.ToArray(), "c"u8.ToArray(), "ab"u8.ToArray(), "\n"u8.ToArray(), "x:\""u8.ToArray(), [0xC3], [0xA9], []];

    private static readonly Vocabulary Vocabulary = new(Texts.Select(bytes => new VocabularyEntry(bytes)), new SpecialTokens());

    private static readonly Gen<DryStage> AnyStage = Gen.Select(
        Gen.Double[0.1, 2], Gen.OneOf(Gen.Double[1, 3], Gen.Const(1.0)), Gen.Int[1, 5], Gen.OneOf(Gen.Const((int?)null), Gen.Int[1, 40].Select(n => (int?)n)),
        Gen.OneOf(Gen.Const((string[]?)null), Gen.OneOf("ab", "\n", "é", "bc", ":", "ca").Array[0, 3]),
        (multiplier, @base, allowed, window, breakers) => new DryStage(multiplier, @base, allowed, window, breakers));

    [Fact]
    public void Apply_AnyHistory_IsTheFormulaOverAllRepetitions() =>
        Gen.Select(AnyStage, Gen.OneOf(Gen.Int[0, 8].Array[0, 60], Gen.Int[0, 2].Array[0, 100], Gen.Int[0, 1].Array[0, 60]), Gen.Int[0, 60]).Sample(
            (stage, history, prompt) =>
            {
                float[] row = [.. Enumerable.Range(0, Texts.Length).Select(i => i - 4f)];
                float[] after = StageRun.Apply(stage, row, history, Math.Min(prompt, history.Length), Vocabulary);

                Assert.All(Enumerable.Range(0, row.Length), token =>
                {
                    double expected = row[token] - Penalty(stage, history, token);
                    Assert.Equal(expected, after[token], 1e-5 * Math.Max(1, Math.Abs(expected)));
                });
            },
            iter: 3000);

    [Fact]
    public void Apply_RepetitionOfThreeTokens_PenalisesWhatFollowedIt()
    {
        // "a b c c" and then "a b c": c would go on with the first occurrence.
        float[] after = StageRun.Apply(new DryStage(0.8, 1.75, 2), new float[9], [0, 1, 2, 2, 0, 1, 2], vocabulary: Vocabulary);

        Assert.Equal(-0.8 * 1.75, after[2], 1e-6);
        Assert.Equal(8, after.Count(logit => logit == 0));
    }

    [Fact]
    public void Apply_BreakerAcrossTokenBorders_EndsTheRepetition()
    {
        int[] history = [0, 1, 2, 2, 0, 1, 2];
        var stage = new DryStage(1, 2, 1, sequenceBreakers: ["ab"]);

        // After "ab" there is only "c", a repetition of one token.
        Assert.Equal(-1, StageRun.Apply(stage, new float[9], history, vocabulary: Vocabulary)[2]);
    }

    [Fact]
    public void Apply_TokenThatHoldsABreaker_IsExempt()
    {
        int[] history = [0, 1, 5, 0, 1];

        Assert.Equal(0, StageRun.Apply(new DryStage(1, 2, 1), new float[9], history, vocabulary: Vocabulary)[5]);
        Assert.Equal(-2, StageRun.Apply(new DryStage(1, 2, 1, sequenceBreakers: []), new float[9], history, vocabulary: Vocabulary)[5]);
    }

    [Fact]
    public void Apply_Window_SearchesTheLastTokensOnly()
    {
        int[] history = [0, 1, 2, 0, 1];

        Assert.Equal(-2, StageRun.Apply(new DryStage(1, 2, 1, lastTokens: 5), new float[9], history, vocabulary: Vocabulary)[2]);
        Assert.Equal(-1, StageRun.Apply(new DryStage(1, 2, 1, lastTokens: 4), new float[9], history, vocabulary: Vocabulary)[2]);
        Assert.Equal(0, StageRun.Apply(new DryStage(1, 2, 1, lastTokens: 3), new float[9], history, vocabulary: Vocabulary)[2]);
    }

    [Fact]
    public void Apply_LongTextOfOneToken_PenaltyStaysFinite()
    {
        float[] after = StageRun.Apply(new DryStage(0.8, 1.75, 2), new float[9], new int[20_000], vocabulary: Vocabulary);

        // 1.75 ^ 158 is the largest whole power within the range of a float.
        Assert.Equal(-0.8 * Math.Pow(1.75, 158), after[0], 1e33);
        Assert.True(Math.Pow(1.75, 159) > float.MaxValue);
    }

    [Fact]
    public void Apply_PenaltyBeyondTheRangeOfAFloat_LosesNoToken() =>
        Assert.Equal(Enumerable.Range(0, 9), StageRun.Kept(StageRun.Apply(new DryStage(1e300), new float[9], new int[300], vocabulary: Vocabulary)));

    [Fact]
    public void Apply_MultiplierZero_ChangesNothing() => Assert.Equal(new float[9], StageRun.Apply(new DryStage(0), new float[9], new int[50], vocabulary: Vocabulary));

    private static double Penalty(DryStage stage, int[] history, int token)
    {
        int[] window = [.. history.TakeLast(stage.LastTokens ?? int.MaxValue)];
        int longest = stage.Base > 1.000001 ? stage.AllowedLength + (int)(Math.Log(float.MaxValue) / Math.Log(stage.Base)) : stage.AllowedLength;
        int reach = Math.Min(longest, TokensAfterTheLastBreaker(stage, history));
        int length = 0;
        for (int end = 0; end < window.Length - 1; end++)
        {
            int n = 0;
            while (n <= end && n < reach && window[end - n] == window[^(n + 1)])
            {
                n++;
            }

            length = window[end + 1] == token ? Math.Max(length, n) : length;
        }

        string text = Encoding.Latin1.GetString(Texts[token]);
        bool isBreaker = Latin1(stage).Any(breaker => text.Contains(breaker, StringComparison.Ordinal));
        return isBreaker || length < stage.AllowedLength ? 0 : stage.Multiplier * Math.Pow(stage.Base, length - stage.AllowedLength);
    }

    private static int TokensAfterTheLastBreaker(DryStage stage, int[] history)
    {
        string text = "";
        int after = 0;
        foreach (int token in history)
        {
            string before = text;
            text += Encoding.Latin1.GetString(Texts[token]);
            bool ends = Latin1(stage).Any(breaker => Enumerable.Range(before.Length + 1, text.Length - before.Length).Any(end => text[..end].EndsWith(breaker, StringComparison.Ordinal)));
            after = ends ? 0 : after + 1;
        }

        return after;
    }

    /// <summary>The breakers' bytes, each as one character.</summary>
    private static IEnumerable<string> Latin1(DryStage stage) => stage.SequenceBreakers.Select(breaker => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(breaker)));
}
