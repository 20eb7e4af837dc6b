using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>Everything that the policy decides from.</summary>
internal sealed class SchedulerSnapshot(ContextLimits limits)
{
    public ContextLimits Limits { get; } = limits;

    public int FreeCells { get; set; }

    public int FreeSequences { get; set; }

    /// <summary>All requests, in order of arrival.</summary>
    public List<RequestSnapshot> Requests { get; } = [];
}
