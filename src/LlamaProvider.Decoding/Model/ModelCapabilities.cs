namespace LlamaProvider.Decoding.Model;

/// <summary>
/// What a model's memory can do. Attention over all positions can do everything; recurrent and hybrid models keep a running state that cannot be
/// cut back, and some position encodings cannot be moved.
/// </summary>
public sealed record ModelCapabilities
{
    /// <summary>Everything that a memory can do.</summary>
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

    /// <summary>The model has a rank head, which scores how relevant a document is to a query (<see cref="IModelContext.GetRelevance"/>). Part of few models; not of <see cref="All"/>.</summary>
    public bool HasRankHead { get; init; }

    /// <summary>
    /// A token sees those that follow it, as in encoders, so a text is evaluated whole: from position 0 in one evaluation, in one sequence, at most as long as the model was
    /// trained for. Nothing can be appended to it, so nothing can be generated. A limit rather than an ability; not of <see cref="All"/>.
    /// </summary>
    public bool EvaluatesWholeTexts { get; init; }
}
