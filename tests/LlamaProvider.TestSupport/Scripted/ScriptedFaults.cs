using LlamaProvider.Decoding.Model;

namespace LlamaProvider.TestSupport.Scripted;

/// <summary>Faults that tests inject into scripted contexts, and what they observed.</summary>
public sealed class ScriptedFaults
{
    /// <summary>Returned by the next evaluations, in order, instead of working.</summary>
    public Queue<EvaluationStatus> Next { get; } = new();

    /// <summary>Called before each token of an evaluation with its index in the batch.</summary>
    public Action<int>? BeforeToken { get; set; }

    /// <summary>Number of tokens of each evaluation that completed.</summary>
    public List<int> BatchSizes { get; } = [];

    /// <summary>Cells in use after the last call.</summary>
    public int UsedCells { get; internal set; }
}
