using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>What the sequences of a grammar share to complete their texts in time. Used under the grammar's lock.</summary>
/// <remarks>
/// Naive: walk the whole vocabulary from each place, which takes milliseconds. But most tokens are met inside strings and names, and what they cost there is the same in every grammar, so it is
/// found once (<see cref="LexemeCache{T}"/>); in names it is added to what comes behind, and only the names that are listed are looked at by themselves.
/// </remarks>
internal sealed class GrammarCompletions
{
    private const int KeptCosts = 256;

    private readonly Dictionary<RecognizerState, TokenCosts> _costs = [];
    private readonly LexemeCache<TokenCosts> _shared;
    private readonly CostWalker _walker;

    /// <param name="vocabulary">The tokens.</param>
    public GrammarCompletions(ConstraintVocabulary vocabulary)
    {
        _shared = vocabulary.Costs;
        Rules = new RuleCompletions(vocabulary.Trie);
        _walker = new CostWalker(vocabulary.Trie, Rules);
    }

    /// <summary>How rules end.</summary>
    public RuleCompletions Rules { get; }

    /// <summary>What it costs to end a state's rule after each token that stays in it.</summary>
    public TokenCosts CostsOf(RecognizerState state)
    {
        if (!_costs.TryGetValue(state, out TokenCosts? costs))
        {
            if (_costs.Count == KeptCosts)
            {
                _costs.Clear();
            }

            costs = state is GuardedState { IsClassified: true } word ? CostsOfWord(word)
                : state is GuardedState { Joint: { } place } joint && _walker.WalkTogether(joint, place) is { } known ? known
                : _shared.GetOrAdd(state, _walker, static (walker, state) => walker.WalkRule(state));
            _costs.Add(state, costs);
        }

        return costs;
    }

    private TokenCosts CostsOfWord(GuardedState word)
    {
        var unlisted = new List<(TokenCosts, RecognizerState)>();
        foreach ((LexemeState words, RecognizerState next) in word.UnlistedClasses(word.Cursor))
        {
            unlisted.Add((CostsOf(words), next));
        }

        return _walker.WalkClasses(word, unlisted);
    }
}
