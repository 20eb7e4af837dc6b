using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>Makes the stacks of one sequence and its forks, so that equal ones are one object. One thread at a time.</summary>
internal sealed class StackSpace
{
    private readonly ChainedTable<RuleFrame, RuleStack, RuleStack.Links> _pushed = new();
    private readonly Dictionary<(RuleStack, RuleStack), RuleStack> _unions = [];
    private readonly HashSet<RuleStack> _sets = new(ByContent.Instance);

    public RuleStack Push(RecognizerState @return, RuleStack below)
    {
        var frame = new RuleFrame(@return, below);
        if (_pushed.Find(frame) is { } known)
        {
            return known;
        }

        var stack = new RuleStack([frame]);
        _pushed.Add(stack);
        return stack;
    }

    /// <summary>Either of two stacks.</summary>
    public RuleStack Union(RuleStack left, RuleStack right)
    {
        if (ReferenceEquals(left, right))
        {
            return left;
        }

        if (!_unions.TryGetValue((left, right), out RuleStack? union))
        {
            union = Join(left, right);
            _unions.Add((left, right), union);
        }

        return union;
    }

    private RuleStack Join(RuleStack left, RuleStack right)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new ConstraintTooComplexException("The grammar is ambiguous over too many open rules. Make it say in fewer ways what it says.");
        }

        var frames = new List<RuleFrame>();
        frames.AddRange(left.Frames);
        foreach (RuleFrame frame in right.Frames)
        {
            int same = frames.FindIndex(other => ReferenceEquals(other.Return, frame.Return));
            if (same < 0)
            {
                frames.Add(frame);
            }
            else
            {
                frames[same] = frame with { Below = Union(frames[same].Below, frame.Below) };
            }
        }

        if (frames.Count == 1 && !left.HasBottom && !right.HasBottom)
        {
            return Push(frames[0].Return, frames[0].Below);
        }

        var union = new RuleStack(CollectionsMarshal.AsSpan(frames), left.HasBottom || right.HasBottom);
        if (_sets.TryGetValue(union, out RuleStack? known))
        {
            return known;
        }

        _sets.Add(union);
        return union;
    }

    /// <summary>Compares the frames as sets; their order tells only in which order a union came about.</summary>
    private sealed class ByContent : IEqualityComparer<RuleStack>
    {
        public static ByContent Instance { get; } = new();

        public bool Equals(RuleStack? left, RuleStack? right)
        {
            if (left!.HasBottom != right!.HasBottom || left.Frames.Length != right.Frames.Length)
            {
                return false;
            }

            foreach (RuleFrame frame in left.Frames)
            {
                if (!right.Frames.Contains(frame))
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(RuleStack stack)
        {
            int hash = stack.HasBottom ? 1 : 0;
            foreach (RuleFrame frame in stack.Frames)
            {
                hash ^= frame.GetHashCode();
            }

            return hash;
        }
    }
}
