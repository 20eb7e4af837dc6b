using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>How many tokens it takes at most to end all rules that are open: the sum over the rules, though one token may end several. One thread at a time.</summary>
internal sealed class ThreadCosts(RuleCompletions rules)
{
    private readonly Dictionary<RuleStack, int> _stacks = new(ReferenceEqualityComparer.Instance);

    /// <summary>The tokens; <see cref="Completion.Unwritable"/> when no way is known.</summary>
    public int Of(RecognizerThread thread) => Sum(Of(thread.State), Of(thread.Stack));

    public int Of(RecognizerState state)
    {
        if (state.TokensToEnd < 0)
        {
            state.TokensToEnd = rules.Of(state)?.Tokens ?? Completion.Unwritable;
        }

        return state.TokensToEnd;
    }

    public int Of(RuleStack stack)
    {
        if (Known(stack) is int known)
        {
            return known;
        }

        var open = new Stack<RuleStack>([stack]);
        while (open.TryPeek(out RuleStack? top))
        {
            int count = open.Count;
            int fewest = top.HasBottom ? 0 : Completion.Unwritable;
            foreach (RuleFrame frame in top.HasBottom || _stacks.ContainsKey(top) ? [] : top.Frames)
            {
                if (Known(frame.Below) is int below)
                {
                    fewest = Math.Min(fewest, Sum(Of(frame.Return), below));
                }
                else
                {
                    open.Push(frame.Below);
                }
            }

            if (open.Count == count)
            {
                _stacks.TryAdd(top, fewest);
                open.Pop();
            }
        }

        return _stacks[stack];
    }

    /// <summary>The text that takes so many tokens; <see langword="null"/> when no way is known.</summary>
    public byte[]? TextOf(RecognizerThread thread)
    {
        var text = new List<byte>();
        (RecognizerState state, RuleStack stack) = (thread.State, thread.Stack);
        while (rules.Of(state) is { } completion)
        {
            text.AddRange(completion.Text);
            if (stack.HasBottom)
            {
                return [.. text];
            }

            RuleFrame next = stack.Frames[0];
            foreach (RuleFrame frame in stack.Frames)
            {
                next = Sum(Of(frame.Return), Of(frame.Below)) < Sum(Of(next.Return), Of(next.Below)) ? frame : next;
            }

            (state, stack) = (next.Return, next.Below);
        }

        return null;
    }

    public static int Sum(int left, int right) => Math.Min(left + right, Completion.Unwritable);

    private int? Known(RuleStack stack) => stack.HasBottom ? 0 : _stacks.TryGetValue(stack, out int known) ? known : null;
}
