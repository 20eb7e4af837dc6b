namespace LlamaProvider.Benchmarks.Support;

/// <summary>One figure beside its peer's.</summary>
/// <param name="Figure">What was measured, with model and conditions.</param>
/// <param name="Ours">The median of our rounds.</param>
/// <param name="Peer">What the peer is.</param>
/// <param name="PeerValue">The median of the peer's rounds; <see langword="null"/> when it could not run.</param>
/// <param name="Unit">The unit of both values.</param>
/// <param name="Ratio">How many times better than the peer: the median of the rounds' ratios.</param>
/// <param name="RatioSpread">The smallest and the largest ratio of a round.</param>
/// <param name="Reason">Why the peer could not run.</param>
public sealed record BenchmarkRow(
    string Figure, double Ours, string? Peer, double? PeerValue, string Unit, double? Ratio, double[]? RatioSpread, string? Reason = null);
