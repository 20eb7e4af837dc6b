using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Conformance;

namespace LlamaProvider.LLamaSharp.Verify;

/// <summary>LLamaSharp keeps the seam's contract.</summary>
public sealed class LLamaSharpConformanceTests(SharpPocket pocket) : ModelContextConformance, IClassFixture<SharpPocket>
{
    protected override ILanguageModel Model => pocket.Model;

    // As for the project's own binding: two batch shapes differ in the last bits of a float sum.
    protected override float Tolerance => 2e-3f;

    protected override void CancelDuringNextEvaluation(CancellationTokenSource source, int attempt) =>
        source.CancelAfter(TimeSpan.FromMilliseconds(1 + (attempt % 40)));
}
