namespace LlamaProvider.Decoding.Tracing.Recording;

/// <summary>What is traced of a request, checked.</summary>
/// <param name="Level">How much.</param>
/// <param name="Top">Candidates that a distribution shows at most.</param>
/// <param name="MaxSteps">The most steps that are kept.</param>
internal sealed record TraceSettings(TraceLevel Level, int Top, int MaxSteps)
{
    public const int MostTop = 50;

    public bool HasStages => Level >= TraceLevel.Stages;
}
