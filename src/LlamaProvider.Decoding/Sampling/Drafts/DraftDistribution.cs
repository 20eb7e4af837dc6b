using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Drafts;

/// <summary>What a drafted token was drawn from: the candidates that a pipeline left, with their probabilities. Reused from draft to draft.</summary>
internal sealed class DraftDistribution
{
    private int[] _tokens = [];
    private float[] _probabilities = [];
    private int _count;

    /// <summary>Whether one token has the whole probability.</summary>
    public bool IsCertain => _count == 1;

    /// <summary>Takes a distribution over.</summary>
    /// <param name="tokens">The tokens, ascending.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="total">The sum of the weights.</param>
    public void Set(ReadOnlySpan<int> tokens, ReadOnlySpan<float> weights, double total)
    {
        if (_tokens.Length < tokens.Length)
        {
            _tokens = new int[tokens.Length];
            _probabilities = new float[tokens.Length];
        }

        _count = 0;
        for (int index = 0; index < tokens.Length; index++)
        {
            if (weights[index] > 0)
            {
                _tokens[_count] = tokens[index];
                _probabilities[_count++] = (float)(weights[index] / total);
            }
        }
    }

    /// <summary>Takes over what candidates were weighed to.</summary>
    public void Set(in Candidates candidates, ReadOnlySpan<float> weights, double total) => Set(candidates.Tokens, weights, total);

    /// <summary>The probability of a token.</summary>
    public double this[int token] => _tokens.AsSpan(0, _count).BinarySearch(token) is >= 0 and int index ? _probabilities[index] : 0;

    /// <summary>The probability of a token, when tokens are asked for in ascending order.</summary>
    /// <param name="token">The token.</param>
    /// <param name="hint">0 at first; where the search goes on.</param>
    public double Next(int token, ref int hint)
    {
        while (hint < _count && _tokens[hint] < token)
        {
            hint++;
        }

        return hint < _count && _tokens[hint] == token ? _probabilities[hint] : 0;
    }
}
