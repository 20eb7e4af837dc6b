using LlamaProvider.Decoding.Model;
using LlamaProvider.Devices;
using LlamaProvider.TestSupport.Conformance;

namespace LlamaProvider.ModelTests.Native;

/// <summary>llama.cpp keeps the seam's contract.</summary>
public sealed class LlamaCppConformanceTests(PocketModel pocket) : ModelContextConformance, IClassFixture<PocketModel>
{
    protected override ILanguageModel Model => pocket.Model;

    // Logits of the pocket model span about ±20; two batch shapes differ in the last bits of a float sum. A GPU's back end has other kernels for one row than for several,
    // of half the precision.
    protected override float Tolerance { get; } = LlamaDevices.List().Any(static device => device.IsGpu) ? 0.05f : 2e-3f;

    protected override void CancelDuringNextEvaluation(CancellationTokenSource source, int attempt) =>
        source.CancelAfter(TimeSpan.FromMilliseconds(1 + (attempt % 40)));
}
