using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Sampling.Drafts;

namespace LlamaProvider.Decoding.Strategies.Speculative;

/// <summary>Tokens that may follow an answer, each either certain for its drafter or drawn from a distribution. Reused from step to step.</summary>
internal sealed class Draft
{
    private readonly List<int> _tokens = [];
    private readonly List<DraftDistribution> _distributions = [];
    private int _drawn;

    public int Count => _tokens.Count;

    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    public int this[int index] => _tokens[index];

    /// <summary>What a token was drawn from; <see langword="null"/> when its drafter would always have drafted it here.</summary>
    public DraftDistribution? DistributionOf(int index) => index < _drawn ? _distributions[index] : null;

    public void Clear()
    {
        _tokens.Clear();
        _drawn = 0;
    }

    /// <summary>Adds a token that follows from the tokens before it.</summary>
    public void Add(int token) => _tokens.Add(token);

    /// <summary>Adds a token that was drawn from <see cref="NextDistribution"/>.</summary>
    public void AddDrawn(int token)
    {
        _tokens.Add(token);
        _drawn = _tokens.Count;
    }

    /// <summary>Where the distribution of the next token belongs.</summary>
    public DraftDistribution NextDistribution
    {
        get
        {
            if (_distributions.Count == _tokens.Count)
            {
                _distributions.Add(new DraftDistribution());
            }

            return _distributions[_tokens.Count];
        }
    }

    /// <summary>Only the first tokens are left. Those of a distribution may not be cut for what they are: what is left would be distributed otherwise.</summary>
    public void Cut(int count) => CollectionsMarshal.SetCount(_tokens, Math.Min(count, _tokens.Count));
}
