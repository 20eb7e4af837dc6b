using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Drafts;

/// <summary>What a drafted token was drawn from: the candidates that a pipeline left, with their weights. Reused from draft to draft.</summary>
internal sealed class DraftDistribution
{
    private int[] _tokens = [];
    private float[] _weights = [];
    private float[] _aligned = [];
    private int _count;

    /// <summary>Whether one token has the whole probability.</summary>
    public bool IsCertain { get; private set; }

    /// <summary>The sum of the weights; a token's probability is its weight over it.</summary>
    public double Total { get; private set; }

    /// <summary>Takes a distribution over.</summary>
    /// <param name="tokens">The tokens, ascending.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="total">The sum of the weights.</param>
    public void Set(ReadOnlySpan<int> tokens, ReadOnlySpan<float> weights, double total)
    {
        if (_tokens.Length < tokens.Length)
        {
            _tokens = new int[tokens.Length];
            _weights = new float[tokens.Length];
        }

        tokens.CopyTo(_tokens);
        weights.CopyTo(_weights);
        (_count, Total) = (tokens.Length, total);
        IsCertain = _count - weights.Count(0) == 1;
    }

    /// <summary>Takes over what candidates were weighed to.</summary>
    public void Set(in Candidates candidates, ReadOnlySpan<float> weights, double total) => Set(candidates.Tokens, weights, total);

    /// <summary>The probability of a token.</summary>
    public double this[int token] => _tokens.AsSpan(0, _count).BinarySearch(token) is >= 0 and int index ? _weights[index] / Total : 0;

    /// <summary>The weights of some tokens: 0 for one that is not drawn.</summary>
    /// <param name="tokens">The tokens, ascending.</param>
    /// <returns>As many weights. They hold until the next call.</returns>
    public ReadOnlySpan<float> WeightsOf(ReadOnlySpan<int> tokens)
    {
        ReadOnlySpan<int> own = _tokens.AsSpan(0, _count);

        // Where no stage removes tokens, both are the whole vocabulary.
        if (tokens.SequenceEqual(own))
        {
            return _weights.AsSpan(0, _count);
        }

        if (_aligned.Length < tokens.Length)
        {
            _aligned = new float[tokens.Length];
        }

        int next = 0;
        for (int index = 0; index < tokens.Length; index++)
        {
            while (next < own.Length && own[next] < tokens[index])
            {
                next++;
            }

            _aligned[index] = next < own.Length && own[next] == tokens[index] ? _weights[next] : 0;
        }

        return _aligned.AsSpan(0, tokens.Length);
    }
}
