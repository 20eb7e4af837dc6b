using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Decoding.Sampling.State;

/// <summary>Where in the history sequence breakers end, wherever token borders fall.</summary>
internal sealed class BreakerPositions(Vocabulary vocabulary, StopSequences breakers) : HistoryTracker
{
    private readonly List<int> _states = [];
    private readonly List<int> _ends = [];

    /// <summary>Room for what a step finds; means nothing from one step to the next.</summary>
    public Dictionary<int, int> RepetitionLengths { get; } = [];

    /// <summary>Tokens at the end of the history that follow the last breaker; all of them when there is none.</summary>
    public int TokensSinceBreaker => _states.Count - 1 - (_ends.Count > 0 ? _ends[^1] : -1);

    public override void Add(ReadOnlySpan<int> history, int promptLength)
    {
        int state = _states.Count > 0 ? _states[^1] : StopSequences.Start;
        bool ends = false;
        foreach (byte value in vocabulary.GetBytes(history[^1]))
        {
            state = breakers.Advance(state, value);
            ends |= breakers.IsMatch(state, out _);
        }

        if (ends)
        {
            _ends.Add(_states.Count);
        }

        _states.Add(state);
    }

    public override void Remove(ReadOnlySpan<int> history, int promptLength)
    {
        _states.RemoveAt(_states.Count - 1);
        if (_ends.Count > 0 && _ends[^1] == _states.Count)
        {
            _ends.RemoveAt(_ends.Count - 1);
        }
    }

    public override HistoryTracker Fork()
    {
        var fork = new BreakerPositions(vocabulary, breakers);
        fork._states.AddRange(CollectionsMarshal.AsSpan(_states));
        fork._ends.AddRange(CollectionsMarshal.AsSpan(_ends));
        return fork;
    }

    /// <summary>Whether a token holds a whole breaker by itself.</summary>
    public bool IsBreaker(int token)
    {
        int state = StopSequences.Start;
        foreach (byte value in vocabulary.GetBytes(token))
        {
            state = breakers.Advance(state, value);
            if (breakers.IsMatch(state, out _))
            {
                return true;
            }
        }

        return false;
    }
}
