namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>
/// The rules that are open around a state, as a set of stacks: where the rule on top returns to, and what is open below. Immutable; equal stacks of one
/// <see cref="StackSpace"/> are one object.
/// </summary>
/// <remarks>
/// Several frames are several stacks. Two threads of an ambiguous grammar that reach the same state join into one whose stack is the union, and since frames with the same
/// return join below too, n open rules with two possible returns each take 2n frames, not 2ⁿ stacks. This is the graph-structured stack of generalized LR and Earley
/// parsing (Tomita 1985; Scott and Johnstone 2010) without cycles, which only left recursion would need.
/// </remarks>
internal sealed class RuleStack
{
    private readonly OneOrMore<RuleFrame> _frames;
    private RuleStack? _nextInTable;

    /// <param name="frames">Where to go on; no two with the same return.</param>
    /// <param name="hasBottom">Whether the empty stack is one of the set.</param>
    public RuleStack(ReadOnlySpan<RuleFrame> frames, bool hasBottom = false)
    {
        _frames = new OneOrMore<RuleFrame>(frames);
        HasBottom = hasBottom;
        CanEnd = hasBottom;
        foreach (RuleFrame frame in frames)
        {
            CanEnd |= frame.Return.IsAccepting && frame.Below.CanEnd;
        }
    }

    /// <summary>The stack of the outermost rule.</summary>
    public static RuleStack Bottom { get; } = new([], hasBottom: true);

    /// <summary>Whether the top rule may be the outermost one.</summary>
    public bool HasBottom { get; }

    /// <summary>Where to go on when the top rule ends.</summary>
    public ReadOnlySpan<RuleFrame> Frames => _frames.Items;

    /// <summary>Whether, once the top rule has ended, all others may end without another byte.</summary>
    public bool CanEnd { get; }

    /// <summary>Those of one frame, by that.</summary>
    public readonly struct Links : IChainedLinks<RuleFrame, RuleStack>
    {
        public static RuleFrame KeyOf(RuleStack entry) => entry.Frames[0];

        public static int HashOf(RuleFrame key) => key.GetHashCode();

        public static ref RuleStack? Next(RuleStack entry) => ref entry._nextInTable;
    }
}

/// <summary>One open rule.</summary>
/// <param name="Return">Where it goes on.</param>
/// <param name="Below">What is open around it.</param>
internal readonly record struct RuleFrame(RecognizerState Return, RuleStack Below);
