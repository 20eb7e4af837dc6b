namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>A model and a cheaper one with the same tokens.</summary>
/// <param name="Model">The model's file.</param>
/// <param name="Draft">The draft model's file; <see langword="null"/> to look drafts up only.</param>
/// <param name="Workloads">What is asked.</param>
internal sealed record ModelPair(string Model, string? Draft, IReadOnlyList<Workload> Workloads)
{
    public string Name => Path.GetFileNameWithoutExtension(Model);
}
