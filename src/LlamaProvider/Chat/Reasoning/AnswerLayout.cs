namespace LlamaProvider.Chat.Reasoning;

/// <summary>Where a prompt leaves off.</summary>
internal enum ReasoningStart
{
    /// <summary>Before both: the model may reason or not.</summary>
    Optional,

    /// <summary>Inside reasoning, which the prompt has opened.</summary>
    Open,

    /// <summary>Behind reasoning, which the prompt has closed: the answer comes next.</summary>
    Closed,
}

/// <summary>What a model writes around reasoning and answer. Marks stand here without the white space around them, which models vary.</summary>
internal sealed record AnswerLayout
{
    /// <summary>That of a model that does not reason.</summary>
    public static AnswerLayout None { get; } = new();

    /// <summary>Whether there is reasoning at all.</summary>
    public bool HasReasoning => End.Length > 0;

    /// <summary>What stands before reasoning, as <c>&lt;think&gt;</c>; empty when only a prompt can open it.</summary>
    public string Begin { get; init; } = "";

    /// <summary>What ends reasoning, as <c>&lt;/think&gt;</c>.</summary>
    public string End { get; init; } = "";

    /// <summary>What stands between <see cref="End"/> and the answer; empty in most formats.</summary>
    public string AnswerBegin { get; init; } = "";

    /// <summary>What stands before an answer without reasoning; empty in most formats.</summary>
    public string PlainBegin { get; init; } = "";

    /// <summary>
    /// What stands between <see cref="End"/> and a call, which has marks of its own in the place of <see cref="PlainBegin"/>: the beginning of another message. Empty in most formats.
    /// </summary>
    public string CallBegin => PlainBegin.Length > 0 && AnswerBegin.EndsWith(PlainBegin, StringComparison.Ordinal) ? AnswerBegin[..^PlainBegin.Length].TrimEnd() : "";

    /// <summary>What opens more reasoning after <see cref="End"/>.</summary>
    public string BeginAgain { get; init; } = "";

    /// <summary>All that stands between reasoning and answer, white space included, as the model was trained on it; what closes reasoning that has to end.</summary>
    public string Closing { get; init; } = "";

    /// <summary>The key of a message under which the template looks for reasoning; <see langword="null"/> when it looks nowhere.</summary>
    public string? HistoryKey { get; init; }

    /// <summary>What prompts that open reasoning without a mark (<see cref="Begin"/> is empty) have behind the last message, at least.</summary>
    public string OpenPrompt { get; init; } = "";

    /// <summary>Where a prompt leaves off, told by what follows its last message.</summary>
    public ReasoningStart StartOf(string tail)
    {
        string end = tail.Trim();
        if (!HasReasoning)
        {
            return ReasoningStart.Closed;
        }

        if (Begin.Length == 0)
        {
            return end.StartsWith(OpenPrompt, StringComparison.Ordinal) && !IsClosedBy(end) ? ReasoningStart.Open : ReasoningStart.Closed;
        }

        return end.EndsWith(Begin, StringComparison.Ordinal) ? ReasoningStart.Open : IsClosedBy(end) ? ReasoningStart.Closed : ReasoningStart.Optional;
    }

    private bool IsClosedBy(string tail)
    {
        if (AnswerBegin.Length > 0 && tail.EndsWith(AnswerBegin, StringComparison.Ordinal))
        {
            return true;
        }

        int end = tail.LastIndexOf(End, StringComparison.Ordinal);
        return end >= 0 && (end + End.Length == tail.Length || (Begin.Length > 0 && tail.LastIndexOf(Begin, StringComparison.Ordinal) is >= 0 and int begin && begin < end));
    }
}
