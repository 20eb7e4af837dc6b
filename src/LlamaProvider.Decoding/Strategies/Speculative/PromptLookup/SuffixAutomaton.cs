using System.Runtime.InteropServices;

namespace LlamaProvider.Decoding.Strategies.Speculative.PromptLookup;

/// <summary>Knows, after each token of a text, the longest end of the text that occurred in it before, and where.</summary>
/// <remarks>
/// The suffix automaton of the text (Blumer et al. 1985), built online: the states are classes of parts that end at the same places, and a state's link leads to its longest proper end
/// that ends at more places. After n tokens there are at most 2n states and 3n transitions, and a token takes constant time on average, whatever the text repeats. The link of the state of the whole text
/// is the longest end that occurred before. Where it occurred is remembered as its latest place for the states that each token visits, up to <see cref="Updates"/> of them.
/// </remarks>
internal sealed class SuffixAutomaton
{
    /// <summary>Links that are followed to note a later place.</summary>
    private const int Updates = 8;
    private const int None = -1;

    private readonly List<State> _states = [new State(0, None, 0)];

    /// <summary>Where transitions lead, by <see cref="KeyOf"/>.</summary>
    private readonly Dictionary<long, int> _edges = [];
    private readonly List<(int Token, int Next)> _outgoing = [];
    private int _last;
    private int _length;

    /// <summary>How many tokens the longest end has that occurred before; 0 for none.</summary>
    public int MatchLength { get; private set; }

    /// <summary>Where the token stands that followed it there.</summary>
    public int MatchEnd { get; private set; }

    /// <summary>Adds tokens.</summary>
    public void Add(ReadOnlySpan<int> tokens)
    {
        // A prompt comes at once, and would else be made room for again and again. Most tokens bring a state and two transitions, and the answer needs room too.
        if (tokens.Length > _length)
        {
            _states.EnsureCapacity(2 * tokens.Length);
            _outgoing.EnsureCapacity(4 * tokens.Length);
            _edges.EnsureCapacity(4 * tokens.Length);
        }

        foreach (int token in tokens)
        {
            Add(token);
        }
    }

    /// <summary>Adds a token.</summary>
    public void Add(int token)
    {
        _length++;
        int current = AddState(new State(_length, None, _length));
        int state = _last;
        while (state != None && TryConnect(state, token, current))
        {
            state = _states[state].Link;
        }

        int link = state == None ? 0 : Split(state, token);
        _states[current] = _states[current] with { Link = link };
        _last = current;
        MatchLength = _states[link].Length;
        MatchEnd = _states[link].End;
        NotePlace(link);
    }

    /// <summary>The state that a token leads to, whose longest part is one longer than the state's; a state of its own when it is not yet.</summary>
    private int Split(int state, int token)
    {
        int target = _edges[KeyOf(state, token)];
        if (_states[target].Length == _states[state].Length + 1)
        {
            return target;
        }

        int clone = AddState(_states[target] with { Length = _states[state].Length + 1, FirstEdge = None });
        for (int edge = _states[target].FirstEdge; edge != None; edge = _outgoing[edge].Next)
        {
            TryConnect(clone, _outgoing[edge].Token, _edges[KeyOf(target, _outgoing[edge].Token)]);
        }

        while (state != None && _edges.TryGetValue(KeyOf(state, token), out int old) && old == target)
        {
            _edges[KeyOf(state, token)] = clone;
            state = _states[state].Link;
        }

        _states[target] = _states[target] with { Link = clone };
        return clone;
    }

    private void NotePlace(int state)
    {
        for (int i = 0; i < Updates && state > 0; i++)
        {
            _states[state] = _states[state] with { End = _length };
            state = _states[state].Link;
        }
    }

    private int AddState(State state)
    {
        _states.Add(state);
        return _states.Count - 1;
    }

    /// <summary>Adds a transition, unless the state has one for the token.</summary>
    private bool TryConnect(int state, int token, int target)
    {
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(_edges, KeyOf(state, token), out bool exists);
        if (exists)
        {
            return false;
        }

        place = target;
        ref State origin = ref CollectionsMarshal.AsSpan(_states)[state];
        _outgoing.Add((token, origin.FirstEdge));
        origin = origin with { FirstEdge = _outgoing.Count - 1 };
        return true;
    }

    private static long KeyOf(int state, int token) => ((long)state << 32) | (uint)token;

    /// <summary>Parts of the text that end at the same places.</summary>
    /// <param name="Length">Tokens of the longest of them.</param>
    /// <param name="Link">The state of its longest end that ends at more places.</param>
    /// <param name="End">The tokens up to a place where they end, the latest that was noted.</param>
    private readonly record struct State(int Length, int Link, int End)
    {
        public int FirstEdge { get; init; } = None;
    }
}
