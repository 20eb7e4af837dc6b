using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>The states that a walk meets, by number, with where each byte leads from them: a step is one look into a table of numbers, which a processor can foresee where it could not follow objects.</summary>
/// <remarks>Filled where texts lead. What does not fit is left out, and followed by its objects. One thread at a time.</remarks>
internal sealed class StateTable
{
    /// <summary>Marks the number of a state in which the language may end.</summary>
    public const int Accepting = 1 << 15;

    /// <summary>Stands where no text goes on.</summary>
    public const int NoText = (1 << 15) - 1;

    /// <summary>Stands where a state leads to one that has no number.</summary>
    public const int NoNumber = NoText - 1;

    /// <summary>Stands where it is not known yet.</summary>
    private const ushort Unknown = NoNumber - 1;

    private const int Bytes = 256;
    private const int Capacity = 256;

    private readonly ushort[] _next = new ushort[Capacity * Bytes];
    private readonly LexemeState[] _states = new LexemeState[Capacity];
    private readonly Dictionary<LexemeState, ushort> _numbers = [];

    // Most bytes lead where the one before them led.
    private LexemeState? _found;
    private int _numberOfFound = NoText;

    /// <summary>The state of a number.</summary>
    public LexemeState this[int number] => _states[number & ~Accepting];

    /// <summary>The number of a state, which it is given if it has none; <see cref="NoNumber"/> when there are too many.</summary>
    public int NumberOf(LexemeState state)
    {
        if (_numbers.TryGetValue(state, out ushort known))
        {
            return known;
        }

        int number = _numbers.Count;
        if (number == Capacity)
        {
            return NoNumber;
        }

        _states[number] = state;
        _next.AsSpan(number * Bytes, Bytes).Fill(Unknown);
        number |= state.IsAccepting ? Accepting : 0;
        _numbers.Add(state, (ushort)number);
        return number;
    }

    /// <summary>The number of the state behind a byte; <see cref="NoText"/> or <see cref="NoNumber"/>.</summary>
    public int Step(int number, byte value)
    {
        int next = _next[((number & ~Accepting) * Bytes) + value];
        return next == Unknown ? Find(number & ~Accepting, value) : next;
    }

    /// <summary>Forgets all states.</summary>
    public void Clear()
    {
        Array.Clear(_states, 0, _numbers.Count);
        _numbers.Clear();
        (_found, _numberOfFound) = (null, NoText);
    }

    private int Find(int number, byte value)
    {
        LexemeState? state = _states[number].Step(value);
        if (!ReferenceEquals(state, _found))
        {
            _found = state;
            _numberOfFound = state is null ? NoText : NumberOf(state);
        }

        _next[(number * Bytes) + value] = (ushort)_numberOfFound;
        return _numberOfFound;
    }
}
