namespace LlamaProvider.Decoding.Model;

/// <summary>What kind of token a token is.</summary>
[Flags]
public enum TokenAttributes
{
    /// <summary>An ordinary piece of text.</summary>
    None = 0,

    /// <summary>A marker of the conversation's structure, never part of an answer's text (<c>&lt;|im_start|&gt;</c>).</summary>
    Control = 1 << 0,

    /// <summary>Ends a generation (end of sequence, end of turn …).</summary>
    EndOfGeneration = 1 << 1,

    /// <summary>One raw byte of a byte-fallback vocabulary, often not a whole character.</summary>
    Byte = 1 << 2,

    /// <summary>Added to the vocabulary as a whole and matched in plain text too (<c>&lt;tool_call&gt;</c>).</summary>
    UserDefined = 1 << 3,

    /// <summary>Stands for text that the vocabulary cannot express.</summary>
    Unknown = 1 << 4,

    /// <summary>A reserved place that the model was not trained on.</summary>
    Unused = 1 << 5,
}
