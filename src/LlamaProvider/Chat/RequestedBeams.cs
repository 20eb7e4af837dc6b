using LlamaProvider.Decoding.Strategies.Beam;

namespace LlamaProvider.Chat;

/// <summary>A beam search that a request asks for.</summary>
/// <param name="Option">The option that asks for it, as errors name it.</param>
/// <param name="Plain">A plain one.</param>
/// <param name="Diverse">A diverse one; exactly one of the two is set.</param>
internal sealed record RequestedBeams(string Option, BeamSearchOptions? Plain, DiverseBeamSearchOptions? Diverse)
{
    public int Width => Plain?.Width ?? Diverse!.Width;

    /// <summary>Whether texts are drawn.</summary>
    public bool IsDrawn => Plain is { Sample: true };

    public BeamSettings ToSettings(int? maxTokens, int longestText, ulong seed) =>
        Plain?.ToSettings(maxTokens, longestText, seed) ?? Diverse!.ToSettings(maxTokens, longestText);
}
