using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Phrases;

/// <summary>Completes a text of a <see cref="PhraseLanguage"/>: says the missing phrase that takes the fewest bytes from here, then the next one.</summary>
/// <remarks>
/// <para>
/// The shortest text with all of n phrases is the shortest common superstring, for which every order has to be tried. Saying the nearest phrase first is not always the
/// shortest, but a search for it sees only the states with the same phrases missing, which are as many as the phrases have bytes, and not 2ⁿ times as many.
/// </para>
/// <para>
/// Every state has one next byte, given once and for good, so completions are consistent (<see cref="ICompletionPolicy"/>). Each is a breadth-first search to the nearest state
/// with less missing or to one whose way is known. The number missing never grows and every state is live, so the ways end.
/// </para>
/// <para>
/// Bytes that are not likely to lead to a phrase (<see cref="PhraseLanguage.LikelyBytes"/>) are only tried when the others lead nowhere, since they lead to many more states.
/// </para>
/// <para>Used under the grammar's lock.</para>
/// </remarks>
internal sealed class PhraseCompletions : ICompletionPolicy
{
    private static readonly byte[] All =
        [.. Enumerable.Range(0x20, 0x5F).Concat(Enumerable.Range(0x80, 0x80)).Concat(Enumerable.Range(0, 0x20)).Append(0x7F).Select(static value => (byte)value)];

    private readonly TokenTrie _trie;
    private readonly byte[] _likely;
    private readonly Dictionary<LexemeState, Hop> _hops = [];
    private readonly Dictionary<LexemeState, Completion> _known = [];

    /// <param name="required">The phrases that are said.</param>
    /// <param name="trie">The tokens that write them.</param>
    public PhraseCompletions(PhraseOptions required, TokenTrie trie)
    {
        _trie = trie;
        _likely = PhraseLanguage.LikelyBytes(required);
    }

    public Completion? Complete(ReadOnlySpan<RecognizerThread> threads)
    {
        var state = (LexemeState)threads[0].State;
        if (!_known.TryGetValue(state, out Completion? completion))
        {
            completion = Completion.Of(Follow(state), _trie);
            _known.Add(state, completion);
        }

        return completion;
    }

    private byte[] Follow(LexemeState state)
    {
        var text = new List<byte>();
        while (!state.IsAccepting)
        {
            if (!_hops.TryGetValue(state, out Hop hop))
            {
                _ = Search(state, _likely) || Search(state, All);
                hop = _hops[state];
            }

            text.Add(hop.Value);
            state = hop.Next;
        }

        return [.. text];
    }

    private bool Search(LexemeState start, byte[] bytes)
    {
        int missing = PhraseLanguage.CountMissing(start.Expression);
        var from = new Dictionary<LexemeState, (LexemeState Before, byte Value, int Depth)> { [start] = (start, 0, 0) };
        var open = new Queue<LexemeState>([start]);
        (LexemeState Last, Hop Hop, int Length) best = (start, default, int.MaxValue);
        while (open.TryDequeue(out LexemeState? state) && from[state].Depth + 1 < best.Length)
        {
            int depth = from[state].Depth;
            foreach (byte value in bytes)
            {
                if (state.Step(value) is not { } next)
                {
                    continue;
                }

                bool isOver = next.IsAccepting || PhraseLanguage.CountMissing(next.Expression) < missing;
                int rest = isOver ? 0 : _hops.TryGetValue(next, out Hop known) ? known.Distance : -1;
                if (rest >= 0 && depth + 1 + rest < best.Length)
                {
                    best = (state, new Hop(value, next, rest + 1), depth + 1 + rest);
                }
                else if (rest < 0 && from.TryAdd(next, (state, value, depth + 1)))
                {
                    open.Enqueue(next);
                }
            }
        }

        if (best.Length == int.MaxValue)
        {
            return false;
        }

        Remember(start, best.Last, best.Hop, from);
        return true;
    }

    private void Remember(LexemeState start, LexemeState last, Hop hop, Dictionary<LexemeState, (LexemeState Before, byte Value, int Depth)> from)
    {
        while (true)
        {
            _hops.Add(last, hop);
            if (ReferenceEquals(last, start))
            {
                return;
            }

            (LexemeState before, byte value, _) = from[last];
            hop = new Hop(value, last, hop.Distance + 1);
            last = before;
        }
    }

    /// <param name="Value">The next byte.</param>
    /// <param name="Next">Where it leads.</param>
    /// <param name="Distance">Bytes until a phrase less is missing.</param>
    private readonly record struct Hop(byte Value, LexemeState Next, int Distance);
}
