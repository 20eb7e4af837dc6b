namespace LlamaProvider.Decoding.Constraints.Lengths;

/// <summary>For every token that is legal at a place, the completion of the text that it leads to. Immutable.</summary>
internal sealed class SuccessorTable
{
    private readonly Completion[] _completions;
    private readonly int[] _numbers;

    /// <param name="completions">The distinct completions.</param>
    /// <param name="numbers">For each token the number of its completion; negative when the token is not legal.</param>
    public SuccessorTable(Completion[] completions, int[] numbers)
    {
        _completions = completions;
        _numbers = numbers;
        MostTokens = completions.Select(static completion => completion.Tokens).DefaultIfEmpty().Max();
        MostBytes = completions.Select(static completion => completion.Text.Length).DefaultIfEmpty().Max();
    }

    /// <summary>The tokens of the completion that needs the most.</summary>
    public int MostTokens { get; }

    /// <summary>The bytes of the longest completion.</summary>
    public int MostBytes { get; }

    /// <summary>Number of distinct completions.</summary>
    public int Count => _completions.Length;

    /// <summary>A completion by its number.</summary>
    public Completion this[int number] => _completions[number];

    /// <summary>The number of the completion after a token; negative when the token is not legal.</summary>
    public int NumberOf(int token) => _numbers[token];
}
