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
        var isDone = new bool[_states.Count];
        List<int> reached = [.. Enumerable.Range(0, _states.Count).Where(i => _states[i].IsNullable)];
        ILookup<int, int> before = _steps.ToLookup(static step => step.To, static step => step.From);
        int longest = -1;
        while (reached.Count > 0)
        {
            longest++;
            reached.ForEach(state => isDone[state] = true);
            reached = [.. reached.SelectMany(state => before[state]).Where(state => !isDone[state]).Distinct()];
        }

        return Math.Max(longest, 0);
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
