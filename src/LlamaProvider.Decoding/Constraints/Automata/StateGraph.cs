namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>The derivatives of an expression by all texts, found step by step.</summary>
internal sealed class StateGraph
{
    private readonly ByteAlgebra _algebra;
    private readonly LocalClasses _classes;
    private readonly List<ByteExpression> _states = [];
    private readonly Dictionary<ByteExpression, int> _numbers = [];
    private readonly List<(int From, int To)> _steps = [];
    private int _explored;

    /// <param name="start">The expression; without calls.</param>
    /// <param name="algebra">Made it.</param>
    public StateGraph(ByteExpression start, ByteAlgebra algebra)
    {
        _algebra = algebra;
        _classes = new LocalClasses(start, algebra.FirstSets);
        NumberOf(start);
    }

    /// <summary>Whether <see cref="States"/> are all there are.</summary>
    public bool IsComplete => _explored == _states.Count;

    /// <summary>The start, and what texts lead to, as far as it was found; near ones first.</summary>
    public IReadOnlyList<ByteExpression> States => _states;

    /// <summary>Looks at so many more states, for those that follow them.</summary>
    public void Explore(int states)
    {
        for (int end = _explored + states; _explored < end && !IsComplete; _explored++)
        {
            foreach (byte value in _classes.Of(_states[_explored]).Representatives)
            {
                ByteExpression next = _algebra.Derive(_states[_explored], value);
                if (!ReferenceEquals(next, _algebra.Nothing))
                {
                    _steps.Add((_explored, NumberOf(next)));
                }
            }
        }
    }

    /// <summary>The largest number of bytes that the shortest completion of a state has, when all are known. States that have none are left out.</summary>
    public int LongestCompletion()
    {
        // Breadth first, from all texts' ends backwards.
        (int[] starts, int[] before) = StepsBackwards();
        int[] distances = new int[_states.Count];
        Array.Fill(distances, -1);
        var reached = new Queue<int>(_states.Count);
        for (int state = 0; state < _states.Count; state++)
        {
            if (_states[state].IsNullable)
            {
                distances[state] = 0;
                reached.Enqueue(state);
            }
        }

        int longest = 0;
        while (reached.TryDequeue(out int state))
        {
            longest = distances[state];
            foreach (int previous in before.AsSpan(starts[state]..starts[state + 1]))
            {
                if (distances[previous] < 0)
                {
                    distances[previous] = longest + 1;
                    reached.Enqueue(previous);
                }
            }
        }

        return longest;
    }

    /// <summary>The states from which a step leads to each: those of state s are Before[Starts[s]] to Before[Starts[s + 1]], that not included.</summary>
    private (int[] Starts, int[] Before) StepsBackwards()
    {
        int[] starts = new int[_states.Count + 1];
        foreach ((_, int to) in _steps)
        {
            starts[to]++;
        }

        for (int state = 1; state < starts.Length; state++)
        {
            starts[state] += starts[state - 1];
        }

        int[] before = new int[_steps.Count];
        foreach ((int from, int to) in _steps)
        {
            before[--starts[to]] = from;
        }

        return (starts, before);
    }

    private int NumberOf(ByteExpression state)
    {
        if (!_numbers.TryGetValue(state, out int number))
        {
            number = _states.Count;
            _numbers.Add(state, number);
            _states.Add(state);
        }

        return number;
    }
}
