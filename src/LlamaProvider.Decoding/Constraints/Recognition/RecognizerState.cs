using System.Runtime.CompilerServices;
using LlamaProvider.Decoding.Constraints.Automata;

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

    private PartMasks _masks;
    private CallReach? _reach;

    /// <summary>Whether the rule may end here.</summary>
    public bool IsAccepting { get; } = isAccepting;

    /// <summary>Whether any rule may begin here.</summary>
    public virtual bool HasCalls => false;

    /// <summary>The rules that may begin here, with texts that are not empty. That an empty one may be skipped is the state's own business.</summary>
    public virtual ReadOnlySpan<StateCall> Calls => [];

    /// <summary>Rules that may begin here one within the other before a byte is read; 0 when none may. Follows the calls once.</summary>
    public int CallDepth => (_reach ?? FollowCalls()).Depth;

    /// <summary>The bytes that may come next within the rule or one that begins here.</summary>
    public ByteSet FirstBytes => (_reach ?? FollowCalls()).FirstBytes;

    /// <summary>The tokens of each part of the vocabulary that fit without regard to what surrounds the rule, once they were computed.</summary>
    public Span<LocalMask?> Masks => _masks;

    /// <summary>Tokens of the text that ends the rule, once it was computed; negative until then.</summary>
    public int TokensToEnd { get; set; } = -1;

    /// <summary>The state after a byte of this rule itself, not of one that begins here; <see langword="null"/> when there is none.</summary>
    public abstract RecognizerState? Step(byte value);

    /// <summary>The state after the beginning of a text, for one that no rule begins in and that does not end its own; <see langword="null"/> when there is none.</summary>
    /// <param name="text">One byte or more.</param>
    /// <param name="taken">How many of them were taken; one, except where states between them would be made for nothing.</param>
    public virtual RecognizerState? Step(ReadOnlySpan<byte> text, out int taken)
    {
        taken = 1;
        return Step(text[0]);
    }

    /// <summary>A state that tokens of at most so many bytes cannot tell from this one; many states may have the same.</summary>
    public virtual RecognizerState Relax(int longestToken) => this;

    /// <summary>A state from which the same rules and bytes lead to the rule's end, but for names that can be replaced by others and for the last of long indentations; there are few of them.</summary>
    public virtual RecognizerState Representative => this;

    /// <summary>Bytes without which everything that may follow them may come too, such as white space between the parts of a value. No shortest text has them.</summary>
    public virtual ByteSet Padding => default;

    /// <summary>The bytes that are worth a try as the rule's next: every other one leads nowhere, or where a more readable one of these leads.</summary>
    public virtual ByteSet BytesToTry => ByteSet.All;

    /// <summary>The state before padding that has come already: what ends the rule from there, without padding, ends it from here too.</summary>
    public virtual RecognizerState Unpadded => this;

    /// <summary>
    /// White space that may come before all else, as a language of its own, and the state behind any of its texts; <see langword="null"/> where there is none. The state itself takes it too; but what tokens
    /// say of white space is the same before all states, and so can be found out once.
    /// </summary>
    public virtual (LexemeState Texts, RecognizerState Behind)? Leading => null;

    /// <summary>Where a plain language and an automaton that reads along are, where the state is nothing else but, in a word, the listed ones; <see langword="null"/> for every other one.</summary>
    public virtual JointPlace? Joint => null;

    /// <summary>The state at another place of the two, in the same surroundings as this one; <see langword="null"/> when nothing leads from there to the rule's end.</summary>
    public virtual RecognizerState? At(JointPlace place) => null;

    /// <summary>Counts what is kept with states that texts lead to; <see langword="null"/> where only the constraint's own text does.</summary>
    public virtual ConstraintWork? Work => null;

    /// <summary>A hash of everything that may follow within the rule, the same in every grammar; <see langword="null"/> when it cannot be told.</summary>
    public virtual UInt128? MaskKey => null;

    private CallReach FollowCalls()
    {
        if (Reach() is { } reach)
        {
            return reach;
        }

        var open = new Stack<RecognizerState>([this]);
        while (open.TryPeek(out RecognizerState? state))
        {
            if (state.Reach() is not null)
            {
                open.Pop();
                continue;
            }

            foreach (StateCall call in state.Calls)
            {
                if (call.Callee._reach is null)
                {
                    open.Push(call.Callee);
                }
            }

            if (open.Count > MaxOpenCalls)
            {
                throw new InvalidOperationException("A rule begins with itself.");
            }
        }

        return _reach!;
    }

    /// <summary>What is found out from the called states, those that call others only where it is known of them; <see langword="null"/> where it is not.</summary>
    private CallReach? Reach()
    {
        int depth = 0;
        ByteSet bytes = default;
        foreach (StateCall call in Calls)
        {
            if ((call.Callee._reach ?? (call.Callee.Calls.IsEmpty ? call.Callee.Reach() : null)) is not { } reach)
            {
                return null;
            }

            depth = Math.Max(depth, reach.Depth + 1);
            bytes |= reach.FirstBytes;
        }

        return _reach ??= new CallReach(depth, bytes | OwnBytes());
    }

    /// <summary>The bytes that may come next within the rule itself.</summary>
    private protected virtual ByteSet OwnBytes()
    {
        ByteSet bytes = default;
        for (int value = 0; value < 256; value++)
        {
            bytes = Step((byte)value) is null ? bytes : bytes | ByteSet.Of((byte)value);
        }

        return bytes;
    }

    // By itself, since most states are never asked.
    private sealed record CallReach(int Depth, ByteSet FirstBytes);

    [InlineArray(ConstraintVocabulary.PartCount)]
    private struct PartMasks
    {
        private LocalMask? _first;
    }
}

/// <summary>A rule that may begin.</summary>
/// <param name="Callee">Where its text begins.</param>
/// <param name="Return">Where the calling rule goes on; <see langword="null"/> when it ends with the called one.</param>
internal readonly record struct StateCall(RecognizerState Callee, RecognizerState? Return);
