namespace LlamaProvider.Options;

/// <summary>How a draft model or a drafter of your own is used in one request.</summary>
/// <param name="Drafter">Its name in <see cref="LlamaEngineOptions.DraftModels"/> or <see cref="LlamaEngineOptions.CustomDrafters"/>.</param>
/// <param name="MaxTokens">The most tokens of a draft. Default: 8. Range: 1 to 63.</param>
/// <param name="MinConfidence">A draft model's draft ends where its most probable token has less probability than this. Default: 0, it does not. Range: 0 to 1.</param>
/// <param name="Adaptive">
/// Whether drafts are as long as measured acceptance and costs make worthwhile, up to <paramref name="MaxTokens"/>; if not, they are always that long. Default: true.
/// </param>
public sealed record SpeculativeDecodingOptions(string Drafter, int MaxTokens = 8, double MinConfidence = 0, bool Adaptive = true);

/// <summary>How drafts are looked up in prompt and answer.</summary>
/// <param name="MaxTokens">The most tokens of a draft. Default: 16. Range: 1 to 63.</param>
/// <param name="MinMatch">The fewest last tokens that must have occurred before. Default: 2. Range: 1 and more.</param>
/// <param name="Adaptive">
/// Whether drafts are as long as measured acceptance and costs make worthwhile, up to <paramref name="MaxTokens"/> and twice the tokens that matched; if not, they are always that long. Default: true.
/// </param>
public sealed record PromptLookupOptions(int MaxTokens = 16, int MinMatch = 2, bool Adaptive = true);
