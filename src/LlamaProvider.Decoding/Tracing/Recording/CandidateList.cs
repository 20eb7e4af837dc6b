using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Tracing.Recording;

/// <summary>A copy of the candidates at one point of a choice, so that what a stage changed can be told afterwards. Reused from choice to choice.</summary>
internal sealed class CandidateList
{
    private readonly SamplerWorkspace _workspace = new();
    private int[] _tokens = [];
    private float[] _logits = [];
    private double _total;
    private float _largest;

    public int Count { get; private set; }

    private ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    private ReadOnlySpan<float> Logits => _logits.AsSpan(0, Count);

    private ReadOnlySpan<float> Weights => _workspace.Weights(Count);

    /// <summary>ln Σ exp(logit): what is taken from a logit to make it a log-probability.</summary>
    public double Normalizer => _largest + Math.Log(_total);

    /// <summary>Copies the finite ones.</summary>
    /// <param name="tokens">The tokens, ascending.</param>
    /// <param name="logits">Their logits.</param>
    public void Take(ReadOnlySpan<int> tokens, ReadOnlySpan<float> logits)
    {
        if (_tokens.Length < tokens.Length)
        {
            (_tokens, _logits) = (new int[tokens.Length], new float[tokens.Length]);
        }

        int count = 0;
        Span<int> ownTokens = _tokens.AsSpan(0, tokens.Length);
        Span<float> ownLogits = _logits.AsSpan(0, tokens.Length);
        for (int index = 0; index < tokens.Length; index++)
        {
            ownTokens[count] = tokens[index];
            ownLogits[count] = logits[index];
            count += float.IsFinite(logits[index]) ? 1 : 0;
        }

        Count = count;
        _largest = Count > 0 ? Logits[LogitScan.IndexOfMax(Logits)] : 0;
        _total = Softmax.Weigh(Logits, _largest, _workspace.Weights(Count), _workspace.BlockSums(Softmax.BlockCount(Count)));
    }

    /// <summary>The same for a row of a whole vocabulary.</summary>
    public void Take(ReadOnlySpan<float> row) => Take(_workspace.Identity(row.Length), row);

    public void Take(in Candidates candidates) => Take(candidates.Tokens, candidates.Logits);

    /// <summary>The probability of a token; 0 when it is no candidate.</summary>
    public double ProbabilityOf(int token) => Tokens.BinarySearch(token) is >= 0 and int index ? Weights[index] / _total : 0;

    /// <summary>The natural logarithm of a token's probability; negative infinity when it is no candidate.</summary>
    public double LogProbabilityOf(int token) => Tokens.BinarySearch(token) is >= 0 and int index ? _logits[index] - Normalizer : double.NegativeInfinity;

    /// <summary>The rank of a token, from 1; of equal ones the lower token comes first. One more than there are candidates when it is none.</summary>
    public int RankOf(int token)
    {
        int own = Tokens.BinarySearch(token);
        if (own < 0)
        {
            return Count + 1;
        }

        float logit = _logits[own];
        int rank = 1;
        foreach (float before in Logits[..own])
        {
            rank += before >= logit ? 1 : 0;
        }

        foreach (float behind in Logits[own..])
        {
            rank += behind > logit ? 1 : 0;
        }

        return rank;
    }

    /// <summary>The candidates as a trace shows them.</summary>
    public TraceDistribution Describe(int top, TokenTexts texts)
    {
        var best = new TraceCandidate[Math.Min(top, Count)];
        double rest = _total;
        if (best.Length > 0)
        {
            Span<int> indices = TopSelection.Select(Logits, best.Length, _workspace);
            indices.Sort((a, b) => _logits[b] != _logits[a] ? _logits[b].CompareTo(_logits[a]) : a - b);
            for (int i = 0; i < best.Length; i++)
            {
                best[i] = new TraceCandidate(_tokens[indices[i]], texts[_tokens[indices[i]]], Weights[indices[i]] / _total);
                rest -= Weights[indices[i]];
            }
        }

        return new TraceDistribution
        {
            Candidates = Count,
            Entropy = Math.Max(0, Math.Log(_total) - (Softmax.WeightedSum(Logits, _largest, Weights) / _total)),
            Top = best,
            Rest = best.Length == Count ? 0 : Math.Max(0, rest / _total),
        };
    }

    /// <summary>What a stage removed of this list, and what it added.</summary>
    /// <param name="after">The candidates after it.</param>
    public (int Removed, int Added, double RemovedProbability) CompareWith(CandidateList after)
    {
        int next = 0;
        int kept = 0;
        double lost = 0;
        for (int index = 0; index < Count; index++)
        {
            while (next < after.Count && after._tokens[next] < _tokens[index])
            {
                next++;
            }

            bool isKept = next < after.Count && after._tokens[next] == _tokens[index];
            kept += isKept ? 1 : 0;
            lost += isKept ? 0 : Weights[index];
        }

        return (Count - kept, after.Count - kept, lost / _total);
    }
}
