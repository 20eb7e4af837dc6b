namespace LlamaProvider.Decoding.Model;

/// <summary>
/// What a model's memory can do. Attention over all positions can do everything; recurrent and hybrid models keep a running state that cannot be
/// cut back, and some position encodings cannot be moved.
/// </summary>
public sealed record ModelCapabilities
{
    /// <summary>Everything.</summary>
    public static ModelCapabilities All { get; } = new()
    {
        CanTrim = true,
        CanShift = true,
        CanSaveState = true,
        HasHiddenStates = true,
    };

    /// <summary>The tail of a sequence can be removed, and a sequence can be copied up to any of its positions.</summary>
    public bool CanTrim { get; init; }

    /// <summary>Positions can be moved, so that old tokens can be forgotten while newer ones stay.</summary>
    public bool CanShift { get; init; }

    /// <summary>One sequence's state can be saved and loaded.</summary>
    public bool CanSaveState { get; init; }

    /// <summary>Hidden states can be read beside the logits.</summary>
    public bool HasHiddenStates { get; init; }
}
