using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>Which tokens leave enough of a token budget to complete a text of a grammar, for one sequence and its forks. Used under the grammar's lock.</summary>
/// <remarks>
/// <para>
/// <b>Rule.</b> With n tokens left, a token is legal when the text after it can be completed with n − 1, by the completion of <see cref="RuleCompletions"/> for each open rule; or when
/// it follows the reserve: the completion that fitted before the last token, less that token. Who follows the reserve keeps it, so once a completion fits, one always does.
/// </para>
/// <para>
/// The completions are short, not the shortest in tokens, so a text that would just fit may be given up a few tokens early; none is passed over while more than that is left.
/// </para>
/// <para>
/// <b>Horizon.</b> Far from the limit nothing is computed. Only a text that needs more than <see cref="Horizon"/> tokens to be completed when that many are left, such as one with
/// hundreds of open brackets, is then not completed in time.
/// </para>
/// </remarks>
internal sealed class BudgetMasks
{
    private const int KeptPlaces = 32;

    private readonly ConstraintVocabulary _vocabulary;
    private readonly GrammarCompletions _completions;
    private readonly CostWalker _walker;
    private readonly TokenMask _affordable;
    private readonly Dictionary<Configuration, TokenCosts[]> _beyond = new(ReferenceEqualityComparer.Instance);

    /// <param name="grammar">The texts.</param>
    public BudgetMasks(CompiledGrammar grammar)
    {
        _vocabulary = grammar.Vocabulary;
        _completions = grammar.Completions;
        _walker = new CostWalker(_vocabulary.Trie, _completions.Rules);
        _affordable = new TokenMask(_vocabulary.Trie.TokenCount);
        Horizon = 256 + (2 * (_completions.Rules.Of(grammar.Start)?.Tokens ?? 0));
    }

    /// <summary>Tokens left at which the budget begins to count.</summary>
    public int Horizon { get; }

    /// <summary>The better of the completion that is known for a place and the one that is in reserve; <see langword="null"/> when there is none.</summary>
    public Completion? Complete(Configuration configuration, Completion? reserve)
    {
        RecognizerThread best = configuration.Threads[0];
        foreach (RecognizerThread thread in configuration.Threads)
        {
            best = _walker.Threads.Of(thread) < _walker.Threads.Of(best) ? thread : best;
        }

        if (reserve is not null && reserve.Tokens <= _walker.Threads.Of(best))
        {
            return reserve;
        }

        Completion? own = _walker.Threads.TextOf(best) is { } text ? Completion.Of(text, _vocabulary.Trie) : null;
        return reserve is not null && (own is null || reserve.Tokens <= own.Tokens) ? reserve : own;
    }

    /// <summary>Keeps of the legal tokens those after which the text can still be completed.</summary>
    /// <param name="mask">The legal tokens.</param>
    /// <param name="configuration">The place.</param>
    /// <param name="reserve">Its completion.</param>
    /// <param name="left">Tokens left, this one included.</param>
    public void Narrow(TokenMask mask, Configuration configuration, Completion reserve, int left)
    {
        _affordable.Clear();
        TokenCosts[] beyond = BeyondOf(configuration);
        for (int i = 0; i < beyond.Length; i++)
        {
            RecognizerThread thread = configuration.Threads[i];
            _completions.CostsOf(thread.State).AddTo(_affordable, left - 1 - _walker.Threads.Of(thread.Stack));
            beyond[i].AddTo(_affordable, left - 1);
        }

        AddReserve(reserve, left);
        foreach ((int first, int other) in _vocabulary.Twins)
        {
            if (_affordable[first])
            {
                _affordable.Add(other);
            }
        }

        mask.IntersectWith(_affordable);
    }

    private TokenCosts[] BeyondOf(Configuration configuration)
    {
        if (_beyond.TryGetValue(configuration, out TokenCosts[]? known))
        {
            return known;
        }

        if (_beyond.Count == KeptPlaces)
        {
            _beyond.Clear();
        }

        var beyond = new TokenCosts[configuration.Threads.Length];
        for (int i = 0; i < beyond.Length; i++)
        {
            RecognizerThread thread = configuration.Threads[i];
            beyond[i] = _walker.WalkBeyond(_completions.CostsOf(thread.State).Exits, thread.Stack);
        }

        return _beyond[configuration] = beyond;
    }

    private void AddReserve(Completion reserve, int left)
    {
        int node = Model.TokenTrie.Root;
        for (int length = 1; length <= reserve.Text.Length; length++)
        {
            node = _vocabulary.Trie.Child(node, reserve.Text[length - 1]);
            if (node < 0)
            {
                return;
            }

            if (Model.TokenTrie.TokenOf(_vocabulary.Trie.Nodes[node]) is var token and >= 0 && reserve.TokensAfter(length) < left)
            {
                _affordable.Add(token);
            }
        }
    }
}
