using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>Finds the legal tokens of a thread by walking the vocabulary's trie together with the grammar.</summary>
/// <remarks>
/// <para>
/// Naive: try every token byte by byte; 49,152 tokens of 5 bytes are 250,000 steps. First, tokens that begin alike share their steps: a depth-first walk over the trie,
/// which skips a subtree at the first byte that does not fit. Second, what a token may do splits at the end of the innermost rule: as long as it stays inside,
/// nothing around matters, so that part (<see cref="LocalMask"/>) is computed once a state, and for states that are plain languages once for all grammars
/// (<see cref="LexemeCache{T}"/>). Third, only tokens that go on beyond the rule's end depend on the stack; inside a string these are the few that contain a quotation mark.
/// They are walked from the nodes where the rule may end, once for each state that it may return to (<see cref="ComposedMasks"/>), and so on down the stack as long as
/// tokens go on; where a stack is several, they are walked for all of them together.
/// </para>
/// <para>
/// Fourth, long tokens are few but tell much: "at most 40 characters" and "at most 39" allow the same tokens of up to 16 bytes, so each part of the vocabulary by length
/// (<see cref="VocabularyPart"/>) has masks of its own, and those of the common tokens are shared by almost all states of a counted string.
/// </para>
/// <para>
/// Fifth, white space may come before every part of a JSON text, and as many bytes of indentation as there are states for it would follow each state. As a language of its own
/// (<see cref="RecognizerState.Leading"/>) it is walked once for all grammars, and the state itself from the nodes behind it.
/// </para>
/// <para>
/// Sixth, inside a text nearly all tokens are legal, and that is known of most of them without a walk (<see cref="LexemeWalk"/>). Seventh, where a text is counted, masks are compared rather than
/// computed for each count: between two languages with equal masks all have the same (<see cref="MaskBetween"/>).
/// </para>
/// <para>One thread at a time.</para>
/// </remarks>
internal sealed partial class MaskWalker
{
    /// <summary>Rules that tokens end one after the other, as "}}]" does, beyond which the threads are walked.</summary>
    private const int DeepestComposed = 8;

    /// <summary>What a state takes without its masks, roughly.</summary>
    private const int BytesOfState = 400;

    /// <summary>Stands for what surrounds a rule, when that is left open.</summary>
    private static readonly RuleStack Surroundings = RuleStack.Bottom;

    private readonly VocabularyPart _part;
    private readonly TokenTrie _trie;
    private readonly ComposedMasks _composed;
    private readonly Func<LocalMask, RecognizerState, LocalMask> _compose;
    private readonly RecognizerThreads _threads;
    private readonly SpareLists<int> _exits = new();

    /// <param name="part">The tokens.</param>
    /// <param name="composed">Of the grammar.</param>
    public MaskWalker(VocabularyPart part, ComposedMasks composed)
    {
        _part = part;
        _trie = part.Trie;
        _composed = composed;
        _compose = Compose;
        _threads = new RecognizerThreads(new StackSpace());
        _lexemes = new LexemeWalk(part);
        _joint = new JointTables(part.Trie, part.Spare);
    }

    /// <summary>Adds the tokens that may follow in a thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="stacks">Made its stack.</param>
    /// <param name="mask">Receives the tokens.</param>
    /// <returns>Whether all of them were known from masks, so that adding them again takes little more than copying them.</returns>
    public bool AddTokens(RecognizerThread thread, StackSpace stacks, TokenMask mask)
    {
        _threads.Use(stacks);
        LocalMask local = LocalMaskOf(thread.State);
        RuleStack stack = thread.Stack;
        local.AddTo(mask);
        for (int i = 0; i < DeepestComposed && stack.Frames.Length == 1 && !local.Exits.IsEmpty; i++)
        {
            local = _composed.GetOrAdd(local, stack.Frames[0].Return, _compose);
            local.AddTo(mask);
            stack = stack.Frames[0].Below;
        }

        if (local.Exits.IsEmpty || stack.Frames.IsEmpty)
        {
            return true;
        }

        AddBeyond(local.Exits, stack, mask);
        return false;
    }

    /// <summary>Adds the tokens that go on where a rule may have ended, for all ways in which its stack may go on.</summary>
    private void AddBeyond(ReadOnlySpan<int> exits, RuleStack stack, TokenMask mask)
    {
        foreach (int exit in exits)
        {
            _threads.Clear();
            foreach (RuleFrame frame in stack.Frames)
            {
                _threads.Add(new RecognizerThread(frame.Return, frame.Below));
            }

            WalkBelow(exit, firstThread: 0, mask, exits: null);
        }
    }

    private LocalMask Compose(LocalMask ended, RecognizerState next)
    {
        TokenMask mask = _part.Spare.Rent();
        List<int> exits = _exits.Rent();
        foreach (int exit in ended.Exits)
        {
            if (next.IsAccepting)
            {
                exits.Add(exit);
            }

            WalkRule(exit, next, mask, exits);
        }

        return Keep(mask, exits);
    }

    private LocalMask LocalMaskOf(RecognizerState state)
    {
        if (state.Masks[_part.Index] is { } known)
        {
            return known;
        }

        RecognizerState relaxed = state.Relax(_trie.LongestToken);
        LocalMask mask = relaxed.Masks[_part.Index] ??= _part.Masks.GetOrAdd(relaxed, this, static (walker, state) => walker.Compute(state));
        state.Masks[_part.Index] = mask;
        state.Work?.Grow(mask.Bytes / BytesOfState);
        return mask;
    }

    private LocalMask Compute(RecognizerState state)
    {
        if (state is LexemeState { IsPlain: true } lexeme && MaskBetween(lexeme) is { } between)
        {
            return between;
        }

        TokenMask mask = _part.Spare.Rent();
        List<int> exits = _exits.Rent();
        if (state.IsAccepting)
        {
            exits.Add(TokenTrie.Root);
        }

        if (state is GuardedState word)
        {
            AddWords(word, mask, exits);
        }
        else if (state.Joint is { } place && _joint.Of(place) is { } table)
        {
            AddJoint(state, table, mask, exits);
        }
        else
        {
            WalkRule(TokenTrie.Root, state, mask, exits);
        }

        return Keep(mask, exits);
    }

    /// <summary>Walks the nodes below <paramref name="top"/> with a rule whose surroundings are left open.</summary>
    private void WalkRule(int top, RecognizerState state, TokenMask mask, List<int> exits)
    {
        if (top != TokenTrie.Root || state.Leading is not var (spaces, behind))
        {
            WalkThread(top, state, Surroundings, mask, exits);
            return;
        }

        LocalMask leading = LocalMaskOf(spaces);
        leading.AddTo(mask);
        foreach (int exit in leading.Exits)
        {
            WalkThread(exit, behind, Surroundings, mask, exits);
        }
    }

    private LocalMask Keep(TokenMask mask, List<int> exits)
    {
        LocalMask kept = _part.Local.Share(mask, Distinct(exits));
        _part.Spare.Return(mask);
        _exits.Return(exits);
        return kept;
    }

    // A node may lie below two that were exits before.
    private static ReadOnlySpan<int> Distinct(List<int> exits)
    {
        exits.Sort();
        Span<int> sorted = CollectionsMarshal.AsSpan(exits);
        int count = 0;
        foreach (int exit in sorted)
        {
            if (count == 0 || sorted[count - 1] != exit)
            {
                sorted[count++] = exit;
            }
        }

        return sorted[..count];
    }

    /// <summary>Walks the nodes below <paramref name="top"/> with the threads from <paramref name="firstThread"/> on, adding the tokens met and the nodes at which all may end.</summary>
    private void WalkBelow(int top, int firstThread, TokenMask mask, List<int>? exits)
    {
        (int start, int end) = _trie.Below(top);
        Walk(start, end, firstThread, mask, exits);
    }

    /// <summary>The same for siblings and all below them.</summary>
    private void Walk(int index, int end, int firstThread, TokenMask mask, List<int>? exits)
    {
        int count = _threads.Count;
        if (count == firstThread)
        {
            return;
        }

        if (count == firstThread + 1 && _threads[firstThread] is { IsAlone: true } only)
        {
            Walk(index, end, only.State, only.Stack, mask, exits);
            return;
        }

        ReadOnlySpan<ulong> nodes = _trie.Nodes;
        while (index < end)
        {
            ulong node = nodes[index];
            int size = TokenTrie.SizeOf(node);
            _threads.Advance(firstThread, count, TokenTrie.ByteOf(node));
            if (_threads.Count > count)
            {
                if (TokenTrie.TokenOf(node) is var token and >= 0)
                {
                    mask.Add(token);
                }

                if (size > 1)
                {
                    if (exits is not null && _threads.CanEnd(count, _threads.Count))
                    {
                        exits.Add(index);
                    }

                    WalkWords(index, count, mask, exits);
                    Walk(index + 1, index + size, count, mask, exits);
                }

                _threads.Clear(count);
            }

            index += size;
        }
    }
}
