namespace LlamaProvider.Decoding.Tracing;

/// <summary>A group of a beam search chose which texts go on: one level of the tree.</summary>
public sealed record BeamStep : TraceStep
{
    internal const string TypeName = "beam";

    /// <summary>The group, from 0; a plain search has one.</summary>
    public required int Group { get; init; }

    /// <summary>The continuations that were looked at, in the order in which they were treated: those that were kept or finished, and the best of the others.</summary>
    public required IReadOnlyList<BeamNode> Nodes { get; init; }

    /// <summary>How many further continuations were looked at, all pruned.</summary>
    public required int Omitted { get; init; }
}

/// <summary>A continuation of a text: a node of the tree.</summary>
/// <param name="Id">Its number in this trace, from 1. The prompt is 0.</param>
/// <param name="Parent">The node that it continues.</param>
/// <param name="Token">The token that it adds.</param>
/// <param name="Text">The token's text, as of <see cref="TraceToken"/>.</param>
/// <param name="LogProbability">The natural logarithm of the probability that the model gives the token.</param>
/// <param name="Score">The sum of the text's scores: log-probabilities less penalties.</param>
/// <param name="DiversityPenalty">What the token lost because earlier groups had chosen it in this step; included in the score.</param>
/// <param name="Outcome">What became of it.</param>
public readonly record struct BeamNode(int Id, int Parent, int Token, string Text, double LogProbability, double Score, double DiversityPenalty, BeamOutcome Outcome);

/// <summary>What became of a continuation.</summary>
public enum BeamOutcome
{
    /// <summary>Pruned: as many as the group is wide were better.</summary>
    Outscored,

    /// <summary>It goes on.</summary>
    Kept,

    /// <summary>It ended its text, which is among the best finished ones so far.</summary>
    Finished,

    /// <summary>Pruned: it ended its text, but was not among as many best continuations as the group is wide.</summary>
    EndTooUnlikely,

    /// <summary>Pruned: it ended its text, but as many texts as the group is wide had finished with better scores.</summary>
    WorseThanFinished,
}
