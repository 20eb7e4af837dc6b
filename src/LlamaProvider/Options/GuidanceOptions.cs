using System.Globalization;
using LlamaProvider.Decoding.Strategies;

namespace LlamaProvider.Options;

/// <summary>Classifier-free guidance: leads the answer away from what the model would say to a negative prompt. Immutable.</summary>
/// <remarks>Sanchez et al. 2023, "Stay on topic with Classifier-Free Guidance". See docs/search.md.</remarks>
public sealed record GuidanceOptions
{
    /// <summary>How far to lead away. Default: 1.5. Range: finite, 0 and more; 1 is the plain answer, 0 the answer to the negative prompt.</summary>
    public double Scale { get; init; } = 1.5;

    /// <summary>
    /// The negative prompt: the same conversation with this in place of its system messages and instructions; an empty text is the conversation without any. Default: none. This or
    /// <see cref="NegativeMessages"/> is set.
    /// </summary>
    public string? NegativePrompt { get; init; }

    /// <summary>The negative prompt as a conversation of its own. Default: none. This or <see cref="NegativePrompt"/> is set.</summary>
    public IReadOnlyList<GuidanceMessage>? NegativeMessages { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public void Validate()
    {
        if (!(Scale >= 0) || !float.IsFinite((float)Scale))
        {
            throw new InvalidSearchException(
                nameof(Scale), string.Create(CultureInfo.InvariantCulture, $"Scale is {Scale}, but must be 0 or more and finite. Use 1 for the plain answer, or leave it at 1.5."));
        }

        if (NegativePrompt is null == NegativeMessages is null)
        {
            throw new InvalidSearchException(
                nameof(NegativePrompt),
                $"NegativePrompt and NegativeMessages are {(NegativePrompt is null ? "both unset" : "both set")}, but guidance leads away from one text. Set one of them.");
        }

        if (NegativeMessages is { Count: 0 })
        {
            throw new InvalidSearchException(nameof(NegativeMessages), "NegativeMessages is empty, but guidance needs a text to lead away from. Add a message.");
        }
    }
}

/// <summary>A message of a negative prompt.</summary>
/// <param name="Role">Whose it is: <c>system</c>, <c>user</c>, <c>assistant</c>.</param>
/// <param name="Text">What it says.</param>
public sealed record GuidanceMessage(string Role, string Text);
