using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Options;

/// <summary>What is traced of a request.</summary>
/// <param name="Level">How much. Default: <see cref="TraceLevel.Tokens"/>.</param>
/// <param name="Top">How many candidates each distribution shows. Default: 10. Range: 1 to 50.</param>
/// <param name="MaxSteps">The most steps that the trace keeps; of further ones only the number is known. Default: 4,096. Range: 1 and more.</param>
/// <param name="Sink">The name of a sink in <see cref="LlamaEngineOptions.TraceSinks"/> that receives every step as it happens. Default: none.</param>
public sealed record TraceOptions(TraceLevel Level = TraceLevel.Tokens, int Top = 10, int MaxSteps = 4096, string? Sink = null);
