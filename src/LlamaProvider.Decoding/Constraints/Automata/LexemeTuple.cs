namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>Where several automata are that read the same text: which of them accept it, one state of their union cannot tell. Equal tuples are the same object. One thread at a time.</summary>
internal sealed class LexemeTuple
{
    private readonly LexemeState?[] _states;
    private readonly Dictionary<byte, LexemeTuple> _next = [];
    private readonly List<LexemeTuple> _all;

    private LexemeTuple(LexemeState?[] states, List<LexemeTuple> all)
    {
        _states = states;
        _all = all;
    }

    /// <summary>The first automaton that accepts; −1 when none does.</summary>
    public int Accepting => Array.FindIndex(_states, static state => state is { IsAccepting: true });

    /// <summary>The automata's places; <see langword="null"/> for those that none of their texts begins like this.</summary>
    public ReadOnlySpan<LexemeState?> States => _states;

    /// <summary>The tuple of automata that have read nothing, and all that follow it.</summary>
    public static LexemeTuple Start(LexemeState?[] states)
    {
        List<LexemeTuple> all = [];
        var start = new LexemeTuple(states, all);
        all.Add(start);
        return start;
    }

    public LexemeTuple Step(byte value)
    {
        if (!_next.TryGetValue(value, out LexemeTuple? next))
        {
            next = FindNext(value);
            _next.Add(value, next);
        }

        return next;
    }

    public LexemeTuple Step(ReadOnlySpan<byte> text)
    {
        LexemeTuple tuple = this;
        foreach (byte value in text)
        {
            tuple = tuple.Step(value);
        }

        return tuple;
    }

    // By itself, since what its lambdas capture would be allocated for every step.
    private LexemeTuple FindNext(byte value)
    {
        LexemeState?[] states = Array.ConvertAll(_states, state => state?.Step(value));
        LexemeTuple? next = _all.Find(known => known._states.AsSpan().SequenceEqual(states));
        if (next is null)
        {
            next = new LexemeTuple(states, _all);
            _all.Add(next);
        }

        return next;
    }
}
