namespace LlamaProvider.Tool.Benchmarking;

/// <summary>One thing to be measured.</summary>
/// <param name="Kind"><c>prompt</c>: tokens of one sequence, as many a step as the context takes; <c>generate</c>: one token of each sequence a step.</param>
/// <param name="Tokens">Tokens of each sequence.</param>
/// <param name="Sequences">Sequences at once.</param>
internal sealed record BenchTest(string Kind, int Tokens, int Sequences)
{
    public const string Prompt = "prompt";
    public const string Generate = "generate";

    /// <summary>Tokens that are evaluated in all.</summary>
    public int Total => Tokens * Sequences;

    /// <summary>The tests of a plan, in the order in which they are run and shown.</summary>
    public static IReadOnlyList<BenchTest> Of(BenchPlan plan) =>
    [
        .. plan.PromptTokens > 0 ? new BenchTest[] { new(Prompt, plan.PromptTokens, 1) } : [],
        .. plan.GeneratedTokens > 0 ? plan.Sequences.Select(sequences => new BenchTest(Generate, plan.GeneratedTokens, sequences)) : [],
    ];
}

/// <summary>What <c>bench</c> is asked for.</summary>
internal sealed record BenchPlan
{
    public int PromptTokens { get; init; } = 512;

    public int GeneratedTokens { get; init; } = 128;

    public IReadOnlyList<int> Sequences { get; init; } = [1, 4, 8];

    public int Repetitions { get; init; } = 5;
}

/// <summary>What was measured of a test.</summary>
/// <param name="Test">Its kind.</param>
/// <param name="Tokens">Tokens of each sequence.</param>
/// <param name="Batch">Sequences at once.</param>
/// <param name="TokensPerSecond">The mean, over all sequences together.</param>
/// <param name="Deviation">The standard deviation of a repetition; 0 when there was one.</param>
/// <param name="Samples">Each repetition.</param>
internal sealed record BenchRow(string Test, int Tokens, int Batch, double TokensPerSecond, double Deviation, IReadOnlyList<double> Samples)
{
    public static BenchRow Of(BenchTest test, IReadOnlyList<double> samples)
    {
        double mean = samples.Average();
        double deviation = samples.Count > 1 ? Math.Sqrt(samples.Sum(sample => (sample - mean) * (sample - mean)) / (samples.Count - 1)) : 0;
        return new BenchRow(test.Kind, test.Tokens, test.Sequences, mean, deviation, samples);
    }
}
