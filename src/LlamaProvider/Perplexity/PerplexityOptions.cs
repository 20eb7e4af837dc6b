using LlamaProvider.Options;

namespace LlamaProvider.Perplexity;

/// <summary>How a perplexity is measured. Values compare only when they were measured with the same text and the same options.</summary>
public sealed record PerplexityOptions
{
    /// <summary>
    /// Tokens of a window. The text is cut into windows, and the second half of each is scored, so that every scored token has at least half a window before it. Default: 512, as llama.cpp's tool has it.
    /// Range: 4 to the engine's cells.
    /// </summary>
    public int WindowTokens { get; init; } = 512;

    /// <summary>The most windows that are evaluated, from the text's start. Default: all. Range: 1 and more.</summary>
    public int? MaxWindows { get; init; }

    /// <summary>Whether names of control tokens in the text are those tokens, as in rendered conversations. Default: false, they are text, as in llama.cpp's tool.</summary>
    public bool ControlTokens { get; init; }

    /// <summary>How the windows stand among the engine's other requests; higher goes first. Default: 0.</summary>
    public int Priority { get; init; }

    internal void Validate(int cells)
    {
        List<string> errors = [];
        if (WindowTokens < 4 || WindowTokens > cells)
        {
            errors.Add($"{nameof(WindowTokens)} is {WindowTokens}, but must be from 4 to {cells} with this engine's context. Change the option or raise {nameof(LlamaEngineOptions.ContextLength)}.");
        }

        if (MaxWindows < 1)
        {
            errors.Add($"{nameof(MaxWindows)} is {MaxWindows}, but must be at least 1. Change the option or leave it unset.");
        }

        if (errors.Count > 0)
        {
            throw new InvalidOptionsException(nameof(PerplexityOptions), errors);
        }
    }
}
