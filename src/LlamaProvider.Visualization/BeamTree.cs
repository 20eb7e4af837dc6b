using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization;

/// <summary>What the nodes of a beam search are to each other.</summary>
internal sealed class BeamTree
{
    /// <summary>The node that all texts continue.</summary>
    public const int Prompt = 0;

    private readonly int _first;
    private readonly BeamLeaf[] _leaves;
    private readonly HashSet<int> _answer = [];
    private readonly Dictionary<(int Position, int Token), int> _groups;

    public BeamTree(IReadOnlyList<BeamStep> steps, int first, BeamLeaf[] leaves)
    {
        _first = first;
        _leaves = leaves;
        Dictionary<int, int> parents = steps.SelectMany(step => step.Nodes).ToDictionary(node => node.Id, node => node.Parent);
        _groups = steps.SelectMany(step => step.Nodes.Where(GoesOn).Select(node => (step.Position, node.Token, step.Group)).Distinct())
            .GroupBy(kept => (kept.Position, kept.Token))
            .ToDictionary(kept => kept.Key, kept => kept.Count());
        FollowAnswer(parents);
    }

    /// <summary>The column of a step's nodes; the prompt's is 0.</summary>
    public int Level(BeamStep step) => step.Position - _first + 1;

    /// <summary>Whether no other group kept the token at this level.</summary>
    public bool IsOwn(BeamStep step, BeamNode node) => _groups.GetValueOrDefault((step.Position, node.Token)) == 1;

    /// <summary>What a node is as a result, in words; empty when it is none.</summary>
    public string SaidResult(int node)
    {
        int rank = Array.FindIndex(_leaves, leaf => leaf.Node == node);
        return rank < 0 ? "" : $"; result {Numbers.Count(rank + 1)} with score {Numbers.Short(_leaves[rank].Score)}";
    }

    /// <summary>The line from a node's parent, thick where the answer goes.</summary>
    public Mark Edge(BeamNode node, Dictionary<int, Spot> places, double width, double height)
    {
        Spot from = places.GetValueOrDefault(node.Parent, places[Prompt]);
        Spot to = places[node.Id];
        bool isAnswer = _answer.Contains(node.Id);
        var line = new Line(
            isAnswer ? Ink.Chosen : InkOf(node.Outcome), isAnswer ? 3 : 1, IsDashed: !GoesOn(node), new Spot(from.X + width, from.Y + (height / 2)), new Spot(to.X, to.Y + (height / 2)));
        return new Mark("edge", isAnswer ? "the answer" : Said(node.Outcome), [new("from", node.Parent), new("to", node.Id), new("answer", isAnswer ? "true" : "false")], line);
    }

    public static Ink InkOf(BeamOutcome outcome) => outcome switch
    {
        BeamOutcome.Kept => Ink.Kept,
        BeamOutcome.Finished => Ink.Chosen,
        _ => Ink.Removed,
    };

    public static string Said(BeamOutcome outcome) => outcome switch
    {
        BeamOutcome.Kept => "kept",
        BeamOutcome.Finished => "finished",
        BeamOutcome.EndTooUnlikely => "pruned because the end was too unlikely",
        BeamOutcome.WorseThanFinished => "pruned because finished texts are better",
        _ => "pruned because others scored better",
    };

    /// <summary>Why it does not go on, in a word.</summary>
    public static string Sign(BeamOutcome outcome) => outcome switch
    {
        BeamOutcome.Kept => "",
        BeamOutcome.Finished => "end",
        BeamOutcome.EndTooUnlikely => "end?",
        BeamOutcome.WorseThanFinished => "worse",
        _ => "pruned",
    };

    private static bool GoesOn(BeamNode node) => node.Outcome is BeamOutcome.Kept or BeamOutcome.Finished;

    /// <summary>From the best leaf back to the prompt, as far as the drawn levels know it.</summary>
    private void FollowAnswer(Dictionary<int, int> parents)
    {
        if (_leaves.Length == 0)
        {
            return;
        }

        int node = _leaves[0].Node;
        while (parents.TryGetValue(node, out int parent) && _answer.Add(node))
        {
            node = parent;
        }
    }
}
