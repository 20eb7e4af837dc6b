using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Sampling.Ranking;

namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>Diverse beam search's memory of one step: which tokens earlier groups have chosen, and what that takes from the score of each.</summary>
/// <remarks>
/// The Hamming diversity of Vijayakumar et al. 2016, "Diverse Beam Search": a group maximises log p(v | y) − λ · (how many texts of earlier groups have chosen v in this step).
/// Texts that have ended choose nothing.
/// </remarks>
/// <param name="penalty">λ.</param>
internal sealed class ChosenTokens(float penalty)
{
    private readonly List<TokenPenalty> _penalties = [];

    public ReadOnlySpan<TokenPenalty> Penalties => CollectionsMarshal.AsSpan(_penalties);

    public void Clear() => _penalties.Clear();

    /// <summary>A group has chosen a token for one of its texts.</summary>
    public void Add(int token)
    {
        foreach (ref TokenPenalty known in CollectionsMarshal.AsSpan(_penalties))
        {
            if (known.Token == token)
            {
                known = new TokenPenalty(token, known.Amount + penalty);
                return;
            }
        }

        _penalties.Add(new TokenPenalty(token, penalty));
    }
}
