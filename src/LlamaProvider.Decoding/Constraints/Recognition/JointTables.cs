using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Completions;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>
/// Where the tokens of a vocabulary lead a plain language and an automaton that reads along. That depends on where the two are and on nothing else, so it is found once for all strings and names that are
/// there, though what is legal depends on what surrounds them.
/// </summary>
/// <remarks>When full, it starts anew. One thread at a time.</remarks>
/// <param name="trie">The tokens.</param>
/// <param name="spare">Masks to work with.</param>
/// <param name="mostPlaces">The most places that tokens may lead to; in strings and names that are free they are a few dozen.</param>
internal sealed class JointTables(TokenTrie trie, SpareMasks spare, int mostPlaces = 512)
{
    private const int Kept = 64;

    private readonly Dictionary<JointPlace, JointTable?> _tables = [];
    private readonly Dictionary<JointPlace, TokenMask> _masks = [];
    private readonly List<(int Node, JointPlace Place)> _exits = [];
    private JointPlace _latestPlace;
    private TokenMask? _latest;

    /// <summary>The table of a place; <see langword="null"/> where tokens lead to too many.</summary>
    public JointTable? Of(JointPlace place)
    {
        if (!_tables.TryGetValue(place, out JointTable? table))
        {
            if (_tables.Count == Kept)
            {
                _tables.Clear();
            }

            table = Make(place);
            _tables.Add(place, table);
        }

        return table;
    }

    private JointTable? Make(JointPlace place)
    {
        _exits.Clear();
        _latest = null;
        (int start, int end) = trie.Below(TokenTrie.Root);
        try
        {
            return Walk(start, end, place) ? new JointTable([.. _masks.Select(static entry => (entry.Key, new TokenSet(entry.Value)))], [.. _exits]) : null;
        }
        finally
        {
            // A limit may end the walk; what it has found by then belongs to no table.
            foreach (TokenMask mask in _masks.Values)
            {
                spare.Return(mask);
            }

            _masks.Clear();
        }
    }

    /// <returns>Whether the places were few enough.</returns>
    private bool Walk(int index, int end, JointPlace place)
    {
        ReadOnlySpan<ulong> nodes = trie.Nodes;
        for (int size; index < end; index += size)
        {
            ulong node = nodes[index];
            size = TokenTrie.SizeOf(node);
            if (place.Step(TokenTrie.ByteOf(node)) is not { } next)
            {
                continue;
            }

            if (TokenTrie.TokenOf(node) is var token and >= 0 && !Add(token, next))
            {
                return false;
            }

            if (next.Language.IsAccepting && size > 1)
            {
                _exits.Add((index, next));
            }

            if (!Walk(index + 1, index + size, next))
            {
                return false;
            }
        }

        return true;
    }

    private bool Add(int token, JointPlace place)
    {
        if (_latest is null || place != _latestPlace)
        {
            if (!_masks.TryGetValue(place, out _latest))
            {
                if (_masks.Count == mostPlaces)
                {
                    return false;
                }

                _latest = spare.Rent();
                _masks.Add(place, _latest);
            }

            _latestPlace = place;
        }

        _latest.Add(token);
        return true;
    }
}

/// <summary>Where a plain language is, and an automaton that reads along.</summary>
/// <param name="Language">What may follow in the language; of a word, its terminator included.</param>
/// <param name="Classes">Where the automata of the words' classes are; <see langword="null"/> where all mean the same.</param>
/// <param name="Companion">Where the automaton is.</param>
internal readonly record struct JointPlace(LexemeState Language, LexemeTuple? Classes, LexemeState Companion)
{
    /// <summary>The place behind a byte; <see langword="null"/> when one of them does not go on.</summary>
    public JointPlace? Step(byte value) =>
        Language.Step(value) is { } language && Companion.Step(value) is { } companion ? new JointPlace(language, Classes?.Step(value), companion) : null;

    /// <summary>The most readable byte of those that lead to the same place, for each place that one leads to.</summary>
    /// <param name="apart">Bytes that are looked at by themselves, and so stand for no others.</param>
    public ByteSet DistinctBytes(ByteSet apart)
    {
        ByteSet bytes = apart;
        var places = new HashSet<JointPlace>();
        JointPlace? latest = null;
        foreach (byte value in ByteOrder.Readable)
        {
            if (!apart.Contains(value) && Step(value) is { } next && next != latest)
            {
                bytes = places.Add(next) ? bytes | ByteSet.Of(value) : bytes;
                latest = next;
            }
        }

        return bytes;
    }
}

/// <summary>Where tokens lead from a place. Immutable.</summary>
/// <param name="Places">The tokens by where they lead.</param>
/// <param name="Exits">Nodes of the trie at which the language accepts while tokens go on below.</param>
internal sealed record JointTable((JointPlace Place, TokenSet Tokens)[] Places, (int Node, JointPlace Place)[] Exits);
