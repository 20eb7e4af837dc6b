namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>The derivatives of an expression by all texts, as far as there are not too many.</summary>
internal sealed class StateGraph
{
    private readonly List<ByteExpression> _states = [];
    private readonly Dictionary<ByteExpression, int> _numbers = [];
    private readonly List<(int From, int To)> _steps = [];

    /// <param name="start">The expression; without calls.</param>
    /// <param name="algebra">Made it.</param>
    /// <param name="limit">The most states.</param>
    public StateGraph(ByteExpression start, ByteAlgebra algebra, int limit)
    {
        LocalClasses classes = LocalClasses.For(start);
        NumberOf(start);
        for (int i = 0; i < _states.Count && _states.Count <= limit; i++)
        {
            foreach (byte value in classes.Of(_states[i]).Representatives)
            {
                ByteExpression next = algebra.Derive(_states[i], value);
                if (!ReferenceEquals(next, algebra.Nothing))
                {
                    _steps.Add((i, NumberOf(next)));
                }
            }
        }

        IsComplete = _states.Count <= limit;
    }

    /// <summary>Whether <see cref="States"/> are all there are.</summary>
    public bool IsComplete { get; }

    /// <summary>The start, and what texts lead to.</summary>
    public IReadOnlyList<ByteExpression> States => _states;

    /// <summary>The largest number of bytes that the shortest completion of a state has. States that have none are left out.</summary>
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
