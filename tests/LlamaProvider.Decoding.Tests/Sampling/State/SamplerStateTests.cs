using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.TestSupport.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling.State;

/// <summary>What happened and was taken back leaves nothing behind: two samplers, one of which went astray, choose the same tokens.</summary>
public sealed class SamplerStateTests
{
    private const int Tokens = 12;

    private static readonly Dictionary<string, SamplerPipeline> Pipelines = new()
    {
        ["draw"] = new SamplerPipeline([]),
        ["stages"] = SamplerPipeline.Create(s => s.Penalties(1.2, 0.3, 0.2, lastTokens: 5).Dry(allowedLength: 1).NoRepeatNgram(4).Xtc(0.5, 0.05).Temperature(1.3)),
        ["mirostat"] = SamplerPipeline.Create(s => s.Penalties(presence: 0.5).Mirostat(tau: 2, m: 8)),
        ["mirostat_v2"] = SamplerPipeline.Create(s => s.Dry().MirostatV2(tau: 2, eta: 0.5)),
        ["adaptive_p"] = SamplerPipeline.Create(s => s.Penalties(1.5).AdaptiveP(0.3)),
    };

    /// <summary>A step: choose and accept (0 to 2), choose and accept another token (3), accept a given token (4), only choose (5).</summary>
    private static readonly Gen<int[]> Steps = Gen.Int[0, 5].Array[0, 12];

    public static TheoryData<string> Names => [.. Pipelines.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Rollback_AnySteps_LeaveNothingBehind(string name) =>
        Gen.Select(Gen.Int[0, Tokens - 1].Array[0, 8], Steps, Steps, Steps).Sample(
            (prompt, before, astray, after) =>
            {
                TokenSampler straight = Create(name, prompt, rollbackTokens: 40);
                TokenSampler wandering = Create(name, prompt, rollbackTokens: 40);
                Assert.Equal(Walk(straight, before), Walk(wandering, before));
                int length = wandering.Tokens.Length;

                Walk(wandering, [0, .. astray]);
                wandering.Rollback(wandering.Tokens.Length - length);

                Assert.Equal(straight.Tokens, wandering.Tokens);
                Assert.Equal(Walk(straight, [.. after, 0, 0, 0]), Walk(wandering, [.. after, 0, 0, 0]));
            },
            iter: 200);

    [Theory]
    [MemberData(nameof(Names))]
    public void Rollback_InSeveralParts_IsRollbackOfTheirSum(string name) =>
        Gen.Select(Gen.Int[0, 4].Array[1, 20], Gen.Int[0, 20]).Sample((steps, number) =>
        {
            TokenSampler atOnce = Create(name, [1, 2], rollbackTokens: 20);
            TokenSampler inParts = Create(name, [1, 2], rollbackTokens: 20);
            Walk(atOnce, steps);
            Walk(inParts, steps);
            int count = number % (steps.Length + 1);
            atOnce.Rollback(count);
            inParts.Rollback(count / 2);
            inParts.Rollback(count - (count / 2));

            Assert.Equal(Walk(atOnce, [0, 0, 0]), Walk(inParts, [0, 0, 0]));
        });

    [Theory]
    [MemberData(nameof(Names))]
    public void Fork_EitherGoesOn_AsIfTheOtherDidNot(string name) =>
        Gen.Select(Steps, Steps, Steps).Sample((before, mine, theirs) =>
        {
            TokenSampler sampler = Create(name, [3, 3, 4], rollbackTokens: 40);
            TokenSampler alone = Create(name, [3, 3, 4], rollbackTokens: 40);
            Walk(sampler, before);
            Walk(alone, before);
            TokenSampler fork = sampler.Fork();
            TokenSampler second = sampler.Fork();

            Walk(fork, [0, 0, .. theirs]);
            fork.Rollback(2);

            int[] expected = Walk(alone, [.. mine, 0, 0]);
            Assert.Equal(expected, Walk(sampler, [.. mine, 0, 0]));
            Assert.Equal(expected, Walk(second, [.. mine, 0, 0]));
        });

    [Theory]
    [MemberData(nameof(Names))]
    public void Rollback_AfterAForkWentAnotherWay_IsNotTheForks(string name)
    {
        TokenSampler sampler = Create(name, [3], rollbackTokens: 4);
        TokenSampler alone = Create(name, [3], rollbackTokens: 4);
        TokenSampler fork = sampler.Fork();
        Walk(alone, [0, 0]);
        Walk(sampler, [0, 0]);
        Walk(fork, [4, 4]);
        alone.Rollback(1);
        sampler.Rollback(1);

        Assert.Equal(Walk(alone, [0, 0, 0, 0]), Walk(sampler, [0, 0, 0, 0]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rollback_OfNothingBetweenChoiceAndAccept_ChangesNothing(string name)
    {
        TokenSampler straight = Create(name, [1], rollbackTokens: 4);
        TokenSampler paused = Create(name, [1], rollbackTokens: 4);
        straight.Accept(straight.Choose(Row(0)));
        int token = paused.Choose(Row(0));
        paused.Rollback(0);
        paused.Accept(token);
        straight.Rollback(1);
        paused.Rollback(1);

        Assert.Equal(Walk(straight, [0, 0, 0, 0]), Walk(paused, [0, 0, 0, 0]));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(3, 2, 3)]
    [InlineData(3, 9, 4)]
    [InlineData(3, 9, -1)]
    public void Rollback_MoreThanIsRemembered_SaysHowManyAre(int accepted, int rollbackTokens, int count)
    {
        TokenSampler sampler = SamplerPipeline.Deterministic.Create(StageRun.Numbers(Tokens), [5, 6], rollbackTokens: rollbackTokens);
        for (int i = 0; i < accepted; i++)
        {
            sampler.Accept(i);
        }

        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Rollback(count));

        Assert.Equal(
            $"{count} tokens cannot be taken back: {Math.Min(accepted, rollbackTokens)} are remembered. Create the state with more, or fork it before. (Parameter 'count')", error.Message);
        Assert.Equal(2 + accepted, sampler.Tokens.Length);
    }

    [Fact]
    public void Tokens_AfterAcceptAndRollback_ArePromptAndAnswer()
    {
        TokenSampler sampler = SamplerPipeline.Deterministic.Create(StageRun.Numbers(Tokens), [5, 6], rollbackTokens: 2);
        sampler.Accept(1);
        sampler.Accept(2);
        sampler.Rollback(1);
        sampler.Accept(3);

        Assert.Equal([5, 6, 1, 3], sampler.Tokens.ToArray());
        Assert.Equal(2, sampler.PromptLength);
    }

    private static TokenSampler Create(string name, int[] prompt, int rollbackTokens) =>
        Pipelines[name].Create(StageRun.Numbers(Tokens), prompt, seed: 17, rollbackTokens);

    private static float[] Row(int position) => [.. Enumerable.Range(0, Tokens).Select(i => (float)(2 * Math.Sin((i * 1.7) + position)))];

    private static int[] Walk(TokenSampler sampler, int[] steps) => [.. steps.Select(step =>
    {
        int chosen = step == 4 ? 7 : sampler.Choose(Row(sampler.Tokens.Length));
        if (step < 5)
        {
            sampler.Accept(step == 3 ? (chosen + 1) % Tokens : chosen);
        }

        return chosen;
    })];
}
