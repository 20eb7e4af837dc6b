namespace LlamaProvider.Decoding.Strategies.Embedding;

/// <summary>How the hidden states of a text's tokens become one vector.</summary>
public enum EmbeddingPooling
{
    /// <summary>The mean over all tokens.</summary>
    Mean,

    /// <summary>The first token's state (the classification token of encoders). A model whose tokens see only what comes before them says nothing of the text there.</summary>
    Cls,

    /// <summary>The last token's state, which has seen the whole text.</summary>
    Last,
}
