using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>Everything that the policy decides from.</summary>
internal sealed class SchedulerSnapshot(ContextLimits limits)
{
    public ContextLimits Limits { get; } = limits;

    public int FreeCells { get; set; }

    /// <summary>Whether it is known that kept prefixes cannot give up the cells that the first waiting request misses.</summary>
    public bool HoldsNothingToGiveUp { get; set; }

    public int FreeSequences { get; set; }

    /// <summary>The most prompt tokens of a step that has running answers in it too.</summary>
    public int PromptTokensBesideAnswers { get; set; } = int.MaxValue;

    /// <summary>Whose turn it is among requests of different adapters.</summary>
    public AdapterTurns Turns { get; init; } = new();

    /// <summary>All requests: the highest priority first, and in order of arrival within one.</summary>
    public List<RequestSnapshot> Requests { get; } = [];
}
