namespace LlamaProvider.Decoding.Tracing;

/// <summary>Classifier-free guidance changed the model's row, from which a token is chosen then.</summary>
public sealed record NegativePromptStep : TraceStep
{
    internal const string TypeName = "negative_prompt";

    /// <summary>How far the answer is led away from the negative prompt; 1 is not at all.</summary>
    public required double Scale { get; init; }

    /// <summary>The tokens that are the most probable after guidance, best first.</summary>
    public required IReadOnlyList<GuidedToken> Tokens { get; init; }
}

/// <summary>A token under guidance.</summary>
/// <param name="Token">The token.</param>
/// <param name="Text">Its text, as of <see cref="TraceToken"/>.</param>
/// <param name="Conditional">Its probability after the prompt.</param>
/// <param name="Negative">Its probability after the negative prompt.</param>
/// <param name="Guided">Its probability after guidance.</param>
public readonly record struct GuidedToken(int Token, string Text, double Conditional, double Negative, double Guided);
