using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>What the sequences of a grammar share to complete their texts in time. Used under the grammar's lock.</summary>
internal sealed class GrammarCompletions
{
    private const int KeptCosts = 64;

    private readonly Dictionary<RecognizerState, TokenCosts> _costs = [];
    private readonly CostWalker _walker;

    /// <param name="vocabulary">The tokens.</param>
    public GrammarCompletions(ConstraintVocabulary vocabulary)
    {
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

            costs = _walker.WalkRule(state);
            _costs.Add(state, costs);
        }

        return costs;
    }
}
