using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Decoding.Strategies.Speculative;

/// <summary>How long a draft was to be.</summary>
/// <param name="Drafter">Who was asked last; <see langword="null"/> when nobody had anything to offer.</param>
/// <param name="Reason">Why it is so long.</param>
/// <param name="Limit">The most tokens that there was room for.</param>
/// <param name="Tokens">How many were wanted.</param>
internal readonly record struct DraftLength(string? Drafter, DraftLengthReason Reason, int Limit = 0, int Tokens = 0);
