using System.Text;
using CsCheck;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class InfillStageTests
{
    private const int End = 0;
    private const int Turn = 1;
    private const int X = 2;
    private const int Y = 3;
    private const int Z = 4;
    private const int A = 5;
    private const int Ab = 6;
    private const int Abc = 7;

    [Theory]
    [InlineData(0.08, false)]
    [InlineData(0.11, true)]
    public void Apply_EndLikelyEnough_LeavesTheEndsAlone(double end, bool endsAlone)
    {
        // Three candidates: 3 · 3 · E > 1 − E from E = 0.1 on.
        float[] after = Run((End, end), (X, 0.9 - end), (Y, 0.1));

        Assert.Equal(endsAlone ? [End] : [End, X], StageRun.Kept(after));
    }

    [Fact]
    public void Apply_TokensThatBeginOneAnother_AreMergedIntoTheMoreProbable()
    {
        AssertProbabilities(Run((End, 0.01), (A, 0.2), (Abc, 0.43), (X, 0.36)), (End, 0.01), (X, 0.36), (Abc, 0.63));
        AssertProbabilities(Run((End, 0.01), (A, 0.6), (Ab, 0.15), (Abc, 0.14), (X, 0.1)), (End, 0.01), (A, 0.89));
    }

    [Fact]
    public void Apply_TokensThatOnlyShareABeginning_AreNotMerged() => AssertProbabilities(Run((X, 0.5), (Y, 0.5)), (X, 0.5), (Y, 0.5));

    [Fact]
    public void Apply_NothingSureEnough_EndsTheTurn()
    {
        float[] after = Run((End, 0.001), (X, 0.19), (Y, 0.19), (Z, 0.19), (A, 0.19), (8, 0.12), (9, 0.119));

        Assert.Equal([Turn], StageRun.Kept(after));
    }

    [Fact]
    public void Apply_NothingSureEnoughAndNoEndOfTurn_EndsTheText() =>
        Assert.Equal([End], StageRun.Kept(StageRun.Apply(new InfillStage(), [-9, -9, 0, 0, 0, 0, -9, -9, 0, 0], vocabulary: Vocabulary(hasTurn: false))));

    [Fact]
    public void Apply_ShareOfWhatIsLeftTooSmall_GoesToo()
    {
        // Left are E, X, Y and Z with 0.96; three of them, so each needs 0.24.
        AssertProbabilities(Run((End, 0.01), (X, 0.5), (Y, 0.25), (Z, 0.21), (8, 0.03)), (End, 0.01), (X, 0.5), (Y, 0.25));
    }

    [Fact]
    public void Apply_AnyRow_LeavesEndsOrSureTokensAndAddsNoMass() =>
        Gen.Float[-4, 4].Array[10].Sample(
            row =>
            {
                double[] before = StageRun.Softmax(row);
                float[] after = StageRun.Apply(new InfillStage(), row, vocabulary: Vocabulary(hasTurn: true));
                int[] kept = StageRun.Kept(after);
                int[] texts = [.. kept.Where(token => token > Turn)];

                Assert.All(texts, token => Assert.InRange(Math.Exp(after[token]), Math.Max(0.2, before[token]) - 1e-5, 1));
                Assert.InRange(texts.Sum(token => Math.Exp(after[token])), 0, 1 + 1e-5);
                bool endsAlone = 3 * row.Length * (before[End] + before[Turn]) > 1 - (before[End] + before[Turn]);
                Assert.True(texts.Length == 0 || !endsAlone);
                Assert.Equal(texts.Length > 0 || endsAlone ? [End, Turn] : [Turn], kept.Where(token => token <= Turn));
            },
            iter: 1000);

    [Fact]
    public void Apply_MoreThan256Candidates_LooksAtTheMostProbable()
    {
        float[] row = [.. Enumerable.Range(0, 400).Select(i => i == 399 ? 20f : -i / 100f)];

        Assert.Equal([399], StageRun.Kept(StageRun.Apply(new InfillStage(), row, vocabulary: Words(400))));
    }

    private static float[] Run(params (int Token, double Probability)[] items)
    {
        float[] row = new float[10];
        Array.Fill(row, float.NegativeInfinity);
        foreach ((int token, double probability) in items)
        {
            row[token] = (float)Math.Log(probability);
        }

        return StageRun.Apply(new InfillStage(), row, vocabulary: Vocabulary(hasTurn: true));
    }

    private static void AssertProbabilities(float[] after, params (int Token, double Probability)[] expected)
    {
        Assert.Equal(expected.Select(item => item.Token), StageRun.Kept(after));
        Assert.All(expected, item => Assert.Equal(item.Probability, Math.Exp(after[item.Token]), 1e-5));
    }

    private static Vocabulary Vocabulary(bool hasTurn)
    {
        const TokenAttributes Ends = TokenAttributes.Control | TokenAttributes.EndOfGeneration;
        string[] texts = ["", "", "x", "y", "z", "a", "ab", "abc", "8", "9"];
        return new Vocabulary(
            texts.Select((text, token) => new VocabularyEntry(Encoding.UTF8.GetBytes(text), token <= Turn ? Ends : TokenAttributes.None)),
            new SpecialTokens { EndOfText = End, EndOfTurn = hasTurn ? Turn : null });
    }

    private static Vocabulary Words(int count) => new(
        Enumerable.Range(0, count).Select(token => new VocabularyEntry(Encoding.UTF8.GetBytes($"w{token:000}"))), new SpecialTokens { EndOfText = 0 });
}
