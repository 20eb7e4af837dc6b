namespace LlamaProvider.Decoding.Scheduling;

/// <summary>A prompt has more tokens than the context holds.</summary>
public sealed class ContextOverflowException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="promptTokens">Tokens of the prompt.</param>
    /// <param name="contextTokens">Tokens that the context holds.</param>
    public ContextOverflowException(int promptTokens, int contextTokens)
        : base(
            $"The prompt has {promptTokens} tokens, but the context holds {contextTokens} and needs room for one more to answer. " +
            "Shorten the conversation, or load the model with a larger context length.")
    {
        PromptTokens = promptTokens;
        ContextTokens = contextTokens;
    }

    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; }

    /// <summary>Tokens that the context holds.</summary>
    public int ContextTokens { get; }
}
