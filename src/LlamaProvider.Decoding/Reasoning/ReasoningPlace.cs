namespace LlamaProvider.Decoding.Reasoning;

/// <summary>What a model is writing.</summary>
internal enum ReasoningPhase : byte
{
    /// <summary>Nothing yet but what may still become a mark.</summary>
    Start,

    /// <summary>Reasoning.</summary>
    Reasoning,

    /// <summary>Reasoning has ended, and the answer has not begun.</summary>
    Gap,

    /// <summary>The answer, to the end.</summary>
    Answer,
}

/// <summary>Where in reasoning and answer a text is. A plain value, so that forking and rolling back cost nothing.</summary>
/// <param name="Phase">What is being written.</param>
/// <param name="Node">How much of a mark stands at the end, as <see cref="ReasoningMarks"/> numbers it; in the answer, 1 when a mark has opened it.</param>
internal readonly record struct ReasoningPlace(ReasoningPhase Phase, int Node);
