using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

/// <summary>Laws of the stages that only remove candidates. A width in [0, 1] makes each of them keep more the larger it is.</summary>
public sealed class TruncationLawsTests
{
    private static readonly Dictionary<string, Func<double, int, SamplerStage>> Stages = new()
    {
        ["top_k"] = (width, _) => new TopKStage(1 + (int)(width * 100)),
        ["top_k with ties"] = (width, _) => new TopKStage(1 + (int)(width * 100), keepTies: true),
        ["top_p"] = (width, minKeep) => new TopPStage(width, minKeep),
        ["typ_p"] = (width, minKeep) => new TypicalStage(width, minKeep),
        ["typ_p with ties"] = (width, minKeep) => new TypicalStage(width, minKeep, keepTies: true),
        ["min_p"] = (width, minKeep) => new MinPStage(1 - width, minKeep),
        ["epsilon_cutoff"] = (width, minKeep) => new EpsilonCutoffStage(1 - width, minKeep),
        ["eta_cutoff"] = (width, minKeep) => new EtaCutoffStage(1 - width, minKeep),
        ["top_h"] = (width, _) => new TopHStage(width),
        ["top_n_sigma"] = (width, _) => new TopNSigmaStage(0.01 + (3 * width)),
    };

    public static TheoryData<string> All => [.. Stages.Keys];

    public static TheoryData<string> WithMinKeep => ["top_p", "typ_p", "typ_p with ties", "min_p", "epsilon_cutoff", "eta_cutoff"];

    public static TheoryData<string> Idempotent => ["top_k", "top_k with ties", "min_p", "epsilon_cutoff"];

    public static TheoryData<string> KeepingTheTop => [.. Stages.Keys.Except(["typ_p", "typ_p with ties"])];

    [Theory]
    [MemberData(nameof(All))]
    public void Apply_AnyRow_KeepsSomeCandidatesWithTheirLogits(string name) =>
        Gen.Select(LogitRows.Any, Gen.Double[0, 1], Gen.Bool).Sample((row, width, asList) =>
        {
            int[] kept = StageRun.Kept(Stages[name](width, 1), row, asList);
            float[] after = StageRun.Apply(Stages[name](width, 1), row);

            Assert.NotEmpty(kept);
            Assert.Subset(new HashSet<int>(LogitRows.Ranking(row)), new HashSet<int>(kept));
            Assert.All(StageRun.Kept(after), token => Assert.Equal(row[token], after[token]));
        });

    [Theory]
    [MemberData(nameof(All))]
    public void Apply_WholeVocabularyOrListOfAll_KeepsTheSame(string name) =>
        Gen.Select(Gen.Float[-20, 20].Array[1, 300], Gen.Double[0, 1]).Sample((row, width) =>
            Assert.Equal(StageRun.Kept(Stages[name](width, 1), row), StageRun.Kept(Stages[name](width, 1), row, asList: true)));

    [Theory]
    [MemberData(nameof(All))]
    public void Apply_Wider_KeepsASuperset(string name) =>
        Gen.Select(LogitRows.Any, Gen.Double[0, 1], Gen.Double[0, 1], Gen.Bool).Sample((row, a, b, asList) => Assert.Subset(
            new HashSet<int>(StageRun.Kept(Stages[name](Math.Max(a, b), 1), row, asList)),
            new HashSet<int>(StageRun.Kept(Stages[name](Math.Min(a, b), 1), row, asList))));

    [Theory]
    [MemberData(nameof(KeepingTheTop))]
    public void Apply_AnyRow_KeepsTheMostProbableToken(string name) =>
        Gen.Select(LogitRows.Any, Gen.Double[0, 1], Gen.Bool).Sample((row, width, asList) =>
            Assert.Contains(LogitRows.Ranking(row)[0], StageRun.Kept(Stages[name](width, 1), row, asList)));

    [Theory]
    [MemberData(nameof(WithMinKeep))]
    public void Apply_MinKeep_KeepsThatManyAndAllThatItKeepsOtherwise(string name) =>
        Gen.Select(LogitRows.Any, Gen.Double[0, 1], Gen.Int[1, 100], Gen.Bool).Sample((row, width, minKeep, asList) =>
        {
            int[] otherwise = StageRun.Kept(Stages[name](width, 1), row, asList);
            int[] kept = StageRun.Kept(Stages[name](width, minKeep), row, asList);

            Assert.Superset(new HashSet<int>(otherwise), new HashSet<int>(kept));
            Assert.True(kept.Length >= Math.Min(minKeep, LogitRows.Ranking(row).Length));
        });

    [Theory]
    [MemberData(nameof(Idempotent))]
    public void Apply_Twice_IsOnce(string name) =>
        Gen.Select(LogitRows.Any, Gen.Double[0, 1]).Sample((row, width) =>
        {
            SamplerStage stage = Stages[name](width, 1);
            Assert.Equal(StageRun.Apply(stage, row), StageRun.Apply(new SamplerPipeline([stage, stage]), row));
        });

    [Theory]
    [MemberData(nameof(All))]
    public void Apply_OneCandidate_KeepsIt(string name) => Assert.Equal(
        [1], StageRun.Kept(Stages[name](0, 1), [float.NaN, -3f, float.NegativeInfinity, float.PositiveInfinity]));

    [Theory]
    [MemberData(nameof(All))]
    public void Apply_MaskedTokens_ChangeNothingAmongTheOthers(string name) =>
        Gen.Select(LogitRows.Any, Gen.Double[0, 1]).Sample((row, width) =>
        {
            int[] finite = [.. Enumerable.Range(0, row.Length).Where(i => float.IsFinite(row[i]))];
            int[] without = StageRun.Kept(Stages[name](width, 1), [.. finite.Select(i => row[i])], asList: true);
            Assert.Equal(without.Select(i => finite[i]), StageRun.Kept(Stages[name](width, 1), row, asList: true));
        });
}
