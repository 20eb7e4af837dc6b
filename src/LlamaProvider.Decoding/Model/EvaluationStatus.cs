namespace LlamaProvider.Decoding.Model;

/// <summary>How an evaluation ended.</summary>
public enum EvaluationStatus
{
    /// <summary>Every token is in its sequences and every wanted row is readable.</summary>
    Completed,

    /// <summary>There were not enough free cells. The context is as it was before the call; free some cells or evaluate fewer tokens.</summary>
    NoSlot,

    /// <summary>
    /// The caller cancelled. A part of the batch may have entered its sequences, in batch order:
    /// read <see cref="IModelContext.GetPositions"/> of each sequence concerned and continue from there, or trim.
    /// </summary>
    Aborted,

    /// <summary>The back end failed. As with <see cref="Aborted"/>, a part of the batch may have entered its sequences.</summary>
    Failed,
}
