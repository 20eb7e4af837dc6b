using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>Collects tokens by what they cost. Most cost the same as the one before, so that is where one looks first.</summary>
internal sealed class CostLevels(int tokens)
{
    private readonly SortedDictionary<int, TokenMask> _levels = [];
    private readonly Stack<TokenMask> _spare = [];
    private int _latestCost = -1;
    private TokenMask? _latest;

    public void Add(int token, int cost)
    {
        if (cost != _latestCost)
        {
            Turn(cost);
        }

        _latest!.Add(token);
    }

    /// <summary>Adds what was found elsewhere, each token for so much more.</summary>
    public void Add(TokenCosts costs, int more)
    {
        foreach ((int cost, TokenSet tokens) in costs.Levels)
        {
            if (ThreadCosts.Sum(cost, more) is var sum and < Completion.Unwritable)
            {
                Turn(sum);
                tokens.AddTo(_latest!);
            }
        }
    }

    public void Add(TokenSet tokens, int cost)
    {
        Turn(cost);
        tokens.AddTo(_latest!);
    }

    public void Remove(int token)
    {
        foreach (TokenMask level in _levels.Values)
        {
            level.Remove(token);
        }
    }

    /// <summary>What was added, with the exits; nothing is left.</summary>
    public TokenCosts Take(int[] exits)
    {
        TokenCosts costs = new([.. _levels.Select(static level => (level.Key, new TokenSet(level.Value)))], exits);
        Clear();
        return costs;
    }

    public void Clear()
    {
        foreach (TokenMask level in _levels.Values)
        {
            level.Clear();
            _spare.Push(level);
        }

        _levels.Clear();
        (_latestCost, _latest) = (-1, null);
    }

    private void Turn(int cost)
    {
        if (!_levels.TryGetValue(cost, out _latest))
        {
            _latest = _spare.TryPop(out TokenMask? spare) ? spare : new TokenMask(tokens);
            _levels.Add(cost, _latest);
        }

        _latestCost = cost;
    }
}
