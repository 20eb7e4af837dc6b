using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.Regex.Syntax;

/// <summary>A regular expression over code points, as a tree. Groups, laziness and shorthand are gone: what differs in language differs here, nothing else does.</summary>
internal abstract class RegexNode
{
    /// <summary>Matches the empty text and nothing else.</summary>
    public static RegexNode Empty { get; } = new SequenceNode([]);

    /// <summary>Matches every text.</summary>
    public static RegexNode AnyText { get; } = new RepetitionNode(new SetNode(CodePointSet.All), 0, int.MaxValue);

    /// <summary>Whether it can match without a character, should all conditions hold.</summary>
    public bool IsNullable { get; protected init; }

    /// <summary>Whether it has a condition on what comes before or after, an anchor included.</summary>
    public bool HasCondition { get; protected init; }

    /// <summary>Whether a condition in it is on what comes before.</summary>
    public bool LooksBehind { get; protected init; }

    /// <summary>Whether a condition in it is on what comes after.</summary>
    public bool LooksAhead { get; protected init; }

    /// <summary>Whether it needs memory that expressions do not have: it looks behind further than "here the text begins", or repeats a condition.</summary>
    public bool NeedsMachine { get; protected init; }
}

/// <summary>One character of a set.</summary>
internal sealed class SetNode(CodePointSet set) : RegexNode
{
    public CodePointSet Set { get; } = set;
}

/// <summary>All parts one after the other; of none, the empty text.</summary>
internal sealed class SequenceNode : RegexNode
{
    public SequenceNode(IReadOnlyList<RegexNode> parts)
    {
        Parts = parts;
        IsNullable = parts.All(static part => part.IsNullable);
        HasCondition = parts.Any(static part => part.HasCondition);
        LooksBehind = parts.Any(static part => part.LooksBehind);
        LooksAhead = parts.Any(static part => part.LooksAhead);
        NeedsMachine = parts.Any(static part => part.NeedsMachine);
    }

    public IReadOnlyList<RegexNode> Parts { get; }
}

/// <summary>Any one of the parts.</summary>
internal sealed class AlternationNode : RegexNode
{
    public AlternationNode(IReadOnlyList<RegexNode> parts)
    {
        Parts = parts;
        IsNullable = parts.Any(static part => part.IsNullable);
        HasCondition = parts.Any(static part => part.HasCondition);
        LooksBehind = parts.Any(static part => part.LooksBehind);
        LooksAhead = parts.Any(static part => part.LooksAhead);
        NeedsMachine = parts.Any(static part => part.NeedsMachine);
    }

    public IReadOnlyList<RegexNode> Parts { get; }
}

/// <summary>The part between <see cref="Min"/> and <see cref="Max"/> times; <see cref="int.MaxValue"/> stands for no limit.</summary>
internal sealed class RepetitionNode : RegexNode
{
    public RepetitionNode(RegexNode part, int min, int max)
    {
        Part = part;
        Min = min;
        Max = max;
        IsNullable = min == 0 || part.IsNullable;
        HasCondition = part.HasCondition;
        LooksBehind = part.LooksBehind;
        LooksAhead = part.LooksAhead;
        NeedsMachine = part.NeedsMachine || (part.HasCondition && max > 1);
    }

    public RegexNode Part { get; }

    public int Min { get; }

    public int Max { get; }
}

/// <summary>The start of the text.</summary>
internal sealed class StartNode : RegexNode
{
    public StartNode() => IsNullable = HasCondition = LooksBehind = true;
}

/// <summary>The end of the text.</summary>
internal sealed class EndNode : RegexNode
{
    public EndNode() => IsNullable = HasCondition = LooksAhead = true;
}

/// <summary>The text from here on begins with the body, or does not.</summary>
internal sealed class LookaheadNode : RegexNode
{
    public LookaheadNode(RegexNode body, bool isNegated)
    {
        Body = body;
        IsNegated = isNegated;
        IsNullable = HasCondition = LooksAhead = true;
        LooksBehind = body.LooksBehind;
        NeedsMachine = body.NeedsMachine && body.LooksBehind;
    }

    public RegexNode Body { get; }

    public bool IsNegated { get; }
}

/// <summary>The text up to here ends with the body, or does not.</summary>
internal sealed class LookbehindNode : RegexNode
{
    public LookbehindNode(RegexNode body, bool isNegated)
    {
        Body = body;
        IsNegated = isNegated;
        IsNullable = HasCondition = LooksBehind = NeedsMachine = true;
    }

    /// <summary>Never looks ahead: the parser refuses that.</summary>
    public RegexNode Body { get; }

    public bool IsNegated { get; }
}
