using System.Text.Json;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Tests.Sampling;

/// <summary>Choosing a token allocates nothing once the buffers have their size.</summary>
public sealed class SamplerPipelineAllocationTests
{
    private const int Tokens = 3000;

    private static readonly Dictionary<string, SamplerPipeline> Pipelines = new()
    {
        ["balanced"] = SamplerPipeline.Balanced,
        ["creative"] = SamplerPipeline.Creative,
        ["greedy"] = SamplerPipeline.Deterministic,
        ["draw"] = new SamplerPipeline([]),
        ["whole vocabulary"] = SamplerPipeline.Create(s => s.TopP(0.9).Typical(0.9).Temperature(1.5)),
        ["mirostat"] = SamplerPipeline.Create(s => s.Mirostat()),
        ["mirostat_v2"] = SamplerPipeline.Create(s => s.MirostatV2()),
        ["adaptive_p"] = SamplerPipeline.Create(s => s.MinP(0.02).AdaptiveP(0.2)),
        ["all stages"] = SamplerPipeline.Create(s => s
            .LogitBias(new Dictionary<int, double> { [3] = -1, [10] = 1, [500] = double.NegativeInfinity }).Penalties(1.1, 0.1, 0.1).Dry(allowedLength: 1).NoRepeatNgram(3)
            .ExponentialDecayLength(1, 1.01).TopNSigma(4).TopK(400).Typical(0.99).TopP(0.99).MinP(0.001).EpsilonCutoff(0.0001).EtaCutoff(0.0001).TopH(0.95, 300).Xtc(0.5, 0.01)
            .DynamicTemperature(1, 0.5).Custom("mine").Infill().Temperature(0.9)),
    };

    public static TheoryData<string> Names => [.. Pipelines.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Choose_AfterWarmUp_AllocatesNothing(string name)
    {
        Vocabulary vocabulary = StageRun.Numbers(Tokens);
        var samplers = new Dictionary<string, CustomSamplerFactory> { ["mine"] = Create };
        var bound = new BoundPipeline(Pipelines[name], new SamplerBinding(vocabulary, samplers), new SamplerWorkspacePool());
        SamplerState state = bound.CreateState([5, 6, 7, 8, 5, 6], seed: 3, rollbackTokens: 8);
        foreach (int token in new[] { 9, 5, 6, 7, 20, 5, 6 })
        {
            state.Accept(token);
        }

        float[][] rows = [.. Enumerable.Range(0, 8).Select(row => Enumerable.Range(0, Tokens).Select(i => (float)(4 * Math.Sin((i * 0.71) + row))).ToArray())];
        int row = 0;
        void Choose() => bound.Choose(rows[row++ % rows.Length], state);
        for (int i = 0; i < 200; i++)
        {
            Choose();
        }

        Allocations.AssertNoneEachTime(1000, Choose);
    }

    private static Shift Create(JsonElement? parameters) => new();

    private sealed class Shift : ICustomSampler
    {
        public void Apply(in CustomSamplerContext context, ReadOnlySpan<int> tokens, Span<float> logits) => logits[0] += (float)context.NextDouble();
    }
}
