namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>
/// A place inside one rule of a grammar: which bytes go on, which rules may begin here, and whether the rule may end here. Every kind of constraint on text is a set of
/// such states; the matcher adds the stack of rules that are open, and the mask walk asks the states which tokens fit.
/// </summary>
/// <remarks>
/// <para>
/// <b>Live.</b> From every state that a member returns some text leads to the rule's end. So a text is never led into a dead end, and a token is legal exactly when its
/// bytes lead to a state.
/// </para>
/// <para>States are made lazily and remembered, so those of one grammar belong to one thread at a time; the compiled grammar holds the lock.</para>
/// </remarks>
internal abstract class RecognizerState(bool isAccepting)
{
    private const int MaxOpenCalls = 10_000_000;

    private int _callDepth = -1;

    /// <summary>Whether the rule may end here.</summary>
    public bool IsAccepting { get; } = isAccepting;

    /// <summary>Whether any rule may begin here.</summary>
    public virtual bool HasCalls => false;

    /// <summary>The rules that may begin here, with texts that are not empty. That an empty one may be skipped is the state's own business.</summary>
    public virtual ReadOnlySpan<StateCall> Calls => [];

    /// <summary>Rules that may begin here one within the other before a byte is read; 0 when none may. Follows the calls once.</summary>
    public int CallDepth => _callDepth >= 0 ? _callDepth : MeasureCalls();

    /// <summary>The tokens that fit without regard to what surrounds the rule, once they were computed.</summary>
    public LocalMask? Mask { get; set; }

    /// <summary>The state after a byte of this rule itself, not of one that begins here; <see langword="null"/> when there is none.</summary>
    public abstract RecognizerState? Step(byte value);

    /// <summary>A state from which the same rules and bytes lead to the rule's end, but for names that can be replaced by others and for the last of long indentations; there are few of them.</summary>
    public virtual RecognizerState Representative => this;

    /// <summary>A hash of everything that tokens of at most so many bytes can tell about the state, the same in every grammar; <see langword="null"/> when it cannot be told.</summary>
    public virtual UInt128? MaskKey(int longestToken) => null;

    private int MeasureCalls()
    {
        var open = new Stack<RecognizerState>([this]);
        while (open.TryPeek(out RecognizerState? state))
        {
            int depth = 0;
            int unknown = open.Count;
            foreach (StateCall call in state.Calls)
            {
                depth = Math.Max(depth, call.Callee._callDepth + 1);
                if (call.Callee._callDepth < 0)
                {
                    open.Push(call.Callee);
                }
            }

            if (open.Count == unknown)
            {
                state._callDepth = depth;
                open.Pop();
            }
            else if (open.Count > MaxOpenCalls)
            {
                throw new InvalidOperationException("A rule begins with itself.");
            }
        }

        return _callDepth;
    }
}

/// <summary>A rule that may begin.</summary>
/// <param name="Callee">Where its text begins.</param>
/// <param name="Return">Where the calling rule goes on; <see langword="null"/> when it ends with the called one.</param>
internal readonly record struct StateCall(RecognizerState Callee, RecognizerState? Return);
