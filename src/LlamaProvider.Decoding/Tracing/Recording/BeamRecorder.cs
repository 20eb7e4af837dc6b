using LlamaProvider.Decoding.Sampling.Ranking;
using LlamaProvider.Decoding.Strategies.Beam;

namespace LlamaProvider.Decoding.Tracing.Recording;

/// <summary>Records the tree of one beam search. The search tells what becomes of each continuation, and keeps the number that it gets for it.</summary>
/// <param name="log">Receives the steps.</param>
internal sealed class BeamRecorder(TraceLog log)
{
    private readonly List<BeamNode> _nodes = [];
    private int _lastNode;
    private int _pruned;
    private int _omitted;

    /// <summary>A group begins to choose.</summary>
    public void Begin()
    {
        _nodes.Clear();
        (_pruned, _omitted) = (0, 0);
    }

    /// <summary>It is known what becomes of a continuation.</summary>
    /// <returns>Its number.</returns>
    public int Decide(in BeamCandidate candidate, int parent, ReadOnlySpan<TokenPenalty> penalties, BeamOutcome outcome)
    {
        int node = ++_lastNode;
        if (outcome is BeamOutcome.Kept or BeamOutcome.Finished || _pruned++ < log.Settings.Top)
        {
            _nodes.Add(new BeamNode(
                node, parent, candidate.Token, log.Texts[candidate.Token], candidate.LogProbability, candidate.Score, PenaltyOf(candidate.Token, penalties), outcome));
        }
        else
        {
            _omitted++;
        }

        return node;
    }

    /// <summary>The group has chosen.</summary>
    /// <param name="group">Its number.</param>
    /// <param name="position">Tokens of its texts before.</param>
    public void End(int group, int position) =>
        log.Add(new BeamStep { Evaluation = log.Evaluation, Position = position, Group = group, Nodes = [.. _nodes], Omitted = _omitted });

    /// <summary>The search has ended.</summary>
    public void Finish(IReadOnlyList<BeamHypothesis> results) => log.Add(new BeamResultStep
    {
        Evaluation = log.Evaluation,
        Position = results[0].Tokens.Length,
        Leaves = [.. results.Select(static result => new BeamLeaf(result.Node, result.Score))],
    });

    private static double PenaltyOf(int token, ReadOnlySpan<TokenPenalty> penalties)
    {
        foreach (TokenPenalty penalty in penalties)
        {
            if (penalty.Token == token)
            {
                return penalty.Amount;
            }
        }

        return 0;
    }
}
