namespace LlamaProvider.Decoding.Model;

/// <summary>The tokens with a role; <see langword="null"/> where the vocabulary has none.</summary>
public sealed record SpecialTokens
{
    /// <summary>Begins a text.</summary>
    public int? BeginningOfText { get; init; }

    /// <summary>Ends a text.</summary>
    public int? EndOfText { get; init; }

    /// <summary>Ends a turn of a conversation.</summary>
    public int? EndOfTurn { get; init; }

    /// <summary>Fills unused places.</summary>
    public int? Padding { get; init; }

    /// <summary>A line break.</summary>
    public int? NewLine { get; init; }

    /// <summary>Separates two texts.</summary>
    public int? Separator { get; init; }

    /// <summary>Whether a text starts with <see cref="BeginningOfText"/> as the model was trained.</summary>
    public bool PrependsBeginningOfText { get; init; }

    /// <summary>Whether a whole text, such as one that is embedded, closes with <see cref="EndOfText"/> as the model was trained. A prompt that goes on has none.</summary>
    public bool AppendsEndOfText { get; init; }

    /// <summary>Whether <see cref="Separator"/> stands between two texts as the model was trained.</summary>
    public bool InsertsSeparator { get; init; }

    /// <summary>
    /// What a whole text closes with, if anything. BERT's tokenizer (<see cref="InsertsSeparator"/> alone) closes a text with the separator.
    /// </summary>
    internal int? ClosingToken => AppendsEndOfText ? EndOfText ?? Separator : InsertsSeparator ? Separator : null;
}
