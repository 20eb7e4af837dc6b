using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Lengths;

/// <summary>A language together with lengths, ready to match. Shared by any number of sequences and threads; what it remembers is behind the grammar's lock.</summary>
internal sealed class TextConditions : ICompiledConstraint
{
    private const int KeptTables = 64;

    private readonly Dictionary<RecognizerState, SuccessorTable?> _successors = [];
    private readonly ICompletionPolicy? _policy;
    private readonly SuccessorWalker? _walker;

    /// <param name="grammar">The texts that are legal.</param>
    /// <param name="lengths">How long they may be.</param>
    /// <param name="isFree">Whether any text goes on with any other but for phrases.</param>
    /// <param name="policy">How texts are completed; <see langword="null"/> when each is complete, or it is not known how.</param>
    public TextConditions(CompiledGrammar grammar, LengthOptions lengths, bool isFree, ICompletionPolicy? policy)
    {
        Grammar = grammar;
        Lengths = lengths;
        IsFree = isFree;
        _policy = policy;
        _walker = policy is null ? null : new SuccessorWalker(grammar.Vocabulary.Trie, policy);
    }

    public CompiledGrammar Grammar { get; }

    public LengthOptions Lengths { get; }

    /// <summary>Whether any text goes on with any other but for phrases.</summary>
    public bool IsFree { get; }

    public ITokenConstraint CreateMatcher(int? maxTokens = null) =>
        Within(maxTokens) is var lengths && lengths == LengthOptions.None ? Grammar.CreateMatcher() : new LengthConstraint(this, new LengthRule(lengths, IsFree));

    public Completion? FindTooLong(int maxTokens)
    {
        lock (Grammar.Lock)
        {
            LengthOptions lengths = Within(maxTokens);
            if (!IsFree)
            {
                if (lengths.MaxTokens == int.MaxValue)
                {
                    return null;
                }

                // What is said in fewest bytes need not be said in fewest words, so only the tokens tell.
                return Grammar.Completions.Rules.Of(Grammar.Start) is { } known && known.Tokens > lengths.MaxTokens && known.Tokens < Completion.Unwritable ? known : null;
            }

            Completion shortest = Complete(new Configuration([new RecognizerThread(Grammar.Start, RuleStack.Bottom)]))!;
            return new LengthRule(lengths, isFree: true).CanComplete(default, default, shortest) ? null : shortest;
        }
    }

    /// <summary>The completion of a free text; <see langword="null"/> when it is not known.</summary>
    private Completion? Complete(Configuration configuration) => _policy is null ? Completion.Empty : _policy.Complete(configuration.Threads);

    private LengthOptions Within(int? maxTokens) =>
        maxTokens is null ? Lengths : Lengths with { MaxTokens = Math.Min(maxTokens.Value, Lengths.MaxTokens ?? int.MaxValue) };

    /// <summary>The completions after every token; <see langword="null"/> when they are all empty, or not known.</summary>
    public SuccessorTable? SuccessorsOf(Configuration configuration)
    {
        if (_walker is null)
        {
            return null;
        }

        if (configuration.Threads.Length > 1 || configuration.Threads[0].Stack != RuleStack.Bottom)
        {
            return _walker.Walk(configuration.Threads);
        }

        RecognizerState state = configuration.Threads[0].State;
        if (!_successors.TryGetValue(state, out SuccessorTable? table))
        {
            if (_successors.Count == KeptTables)
            {
                _successors.Clear();
            }

            table = _walker.Walk(configuration.Threads);
            _successors.Add(state, table);
        }

        return table;
    }
}
