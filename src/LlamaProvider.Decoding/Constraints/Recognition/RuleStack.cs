using System.Runtime.CompilerServices;

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
    // Most have one frame and are many, so that needs no array.
    private readonly RuleFrame _only;
    private readonly RuleFrame[]? _frames;
    private RuleStack? _nextInTable;

    /// <param name="frame">Where to go on.</param>
    public RuleStack(RuleFrame frame)
    {
        _only = frame;
        CanEnd = frame.CanEnd;
    }

    /// <param name="frames">Where to go on; no two with the same return.</param>
    /// <param name="hasBottom">Whether the empty stack is one of the set.</param>
    public RuleStack(RuleFrame[] frames, bool hasBottom)
    {
        _frames = frames;
        HasBottom = hasBottom;
        CanEnd = hasBottom || Array.Exists(frames, static frame => frame.CanEnd);
    }

    /// <summary>The stack of the outermost rule.</summary>
    public static RuleStack Bottom { get; } = new([], hasBottom: true);

    /// <summary>Whether the top rule may be the outermost one.</summary>
    public bool HasBottom { get; }

    /// <summary>Where to go on when the top rule ends.</summary>
    public ReadOnlySpan<RuleFrame> Frames => _frames ?? new ReadOnlySpan<RuleFrame>(in _only);

    /// <summary>Whether, once the top rule has ended, all others may end without another byte.</summary>
    public bool CanEnd { get; }

    /// <summary>Those of one frame, by that.</summary>
    public readonly struct Links : IChainedLinks<RuleFrame, RuleStack>
    {
        public static RuleFrame KeyOf(RuleStack entry) => entry._only;

        public static int HashOf(RuleFrame key) => HashCode.Combine(RuntimeHelpers.GetHashCode(key.Return), RuntimeHelpers.GetHashCode(key.Below));

        public static ref RuleStack? Next(RuleStack entry) => ref entry._nextInTable;
    }
}

/// <summary>One open rule.</summary>
/// <param name="Return">Where it goes on.</param>
/// <param name="Below">What is open around it.</param>
internal readonly record struct RuleFrame(RecognizerState Return, RuleStack Below)
{
    /// <summary>Whether all that is open may end where it goes on.</summary>
    public bool CanEnd => Return.IsAccepting && Below.CanEnd;
}
