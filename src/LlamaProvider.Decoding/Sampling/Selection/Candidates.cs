using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>The tokens that may still be chosen, with their logits. Stages edit it one after the other.</summary>
/// <remarks>
/// It begins as the whole vocabulary, read from the model's own row; the row is copied when a stage first changes a logit. Once a stage has removed tokens it is
/// a list, usually short. Tokens are always in ascending order, so the order never tells which algorithm made the list, and the lowest token wins ties
/// everywhere. A logit that is not finite is no candidate: it is skipped by all that follows, and gone with the next list that is made.
/// </remarks>
internal ref struct Candidates
{
    private readonly SamplerWorkspace _workspace;
    private readonly TokenMask? _mask;
    private ReadOnlySpan<float> _logits;
    private bool _isCopy;
    private float _largest;
    private bool _isLargestKnown;

    /// <param name="logits">One value a token of the vocabulary; not changed.</param>
    /// <param name="workspace">Lends the buffers, until the token is chosen.</param>
    public Candidates(ReadOnlySpan<float> logits, SamplerWorkspace workspace)
    {
        _workspace = workspace;
        _logits = logits;
        IsWhole = true;
    }

    /// <param name="logits">One value a token of the vocabulary; not changed.</param>
    /// <param name="mask">The tokens that are legal. When they are few they are the candidates; when they are many the whole vocabulary is, with the others' logits blocked.</param>
    /// <param name="workspace">Lends the buffers, until the token is chosen.</param>
    public Candidates(ReadOnlySpan<float> logits, TokenMask mask, SamplerWorkspace workspace)
        : this(logits, workspace)
    {
        int legal = mask.Count;
        if (legal == logits.Length)
        {
            return;
        }

        _mask = mask;
        IsWhole = !MaskedRow.IsShort(legal, logits.Length);
        Span<float> own = workspace.Logits(IsWhole ? logits.Length : legal);
        if (IsWhole)
        {
            MaskedRow.Block(logits, mask, own);
        }
        else
        {
            MaskedRow.Gather(logits, mask, workspace.Tokens(legal), own);
        }

        _logits = own;
        _isCopy = true;
    }

    /// <summary>Whether it is the whole vocabulary, so that a candidate's index is its token.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Number of entries, those that are not finite included.</summary>
    public readonly int Count => _logits.Length;

    public readonly ReadOnlySpan<float> Logits => _logits;

    public readonly ReadOnlySpan<int> Tokens => IsWhole ? _workspace.Identity(Count) : _workspace.Tokens(Count);

    public readonly SamplerWorkspace Workspace => _workspace;

    /// <summary>Whether any candidate is left.</summary>
    public readonly bool Any
    {
        get
        {
            int index = LogitScan.NextAbove(_logits, 0, float.NegativeInfinity);
            while (index < _logits.Length && float.IsPositiveInfinity(_logits[index]))
            {
                index = LogitScan.NextAbove(_logits, index + 1, float.NegativeInfinity);
            }

            return index < _logits.Length;
        }
    }

    /// <summary>The largest logit.</summary>
    public float Largest
    {
        get
        {
            if (!_isLargestKnown)
            {
                int best = IndexOfLargest;
                _largest = best < 0 ? float.NegativeInfinity : _logits[best];
                _isLargestKnown = true;
            }

            return _largest;
        }
    }

    /// <summary>The lowest index of the largest logit; −1 when there is no candidate.</summary>
    public readonly int IndexOfLargest => LogitScan.IndexOfMax(_logits);

    /// <summary>Whether there is a mask, so that some tokens may not become candidates again.</summary>
    public readonly bool IsMasked => _mask is not null;

    /// <summary>Whether a token may be a candidate.</summary>
    public readonly bool IsLegal(int token) => _mask is null || _mask[token];

    public readonly int TokenAt(int index) => IsWhole ? index : _workspace.Tokens(Count)[index];

    /// <summary>The index of a token; negative when it is no candidate.</summary>
    public readonly int IndexOf(int token) => IsWhole ? token : _workspace.Tokens(Count).BinarySearch(token);

    /// <summary>The logits, to be changed.</summary>
    public Span<float> EditLogits()
    {
        Span<float> own = _workspace.Logits(Count);
        if (!_isCopy)
        {
            _logits.CopyTo(own);
            _logits = own;
            _isCopy = true;
        }

        _isLargestKnown = false;
        return own;
    }

    /// <summary>Computes each candidate's weight exp(logit − largest) into the workspace.</summary>
    /// <returns>The weights' sum Z; a candidate's probability is its weight over Z.</returns>
    public double Weigh(out ReadOnlySpan<float> weights)
    {
        float largest = Largest;
        Span<float> computed = _workspace.Weights(Count);
        double total = Softmax.Weigh(_logits, largest, computed, _workspace.BlockSums(Softmax.BlockCount(Count)));
        weights = computed;
        return total;
    }

    /// <summary>Draws an index with probability weight / total from the weights last computed.</summary>
    public readonly int Draw(double total, ref Xoshiro256 random)
    {
        ReadOnlySpan<float> weights = _workspace.Weights(Count);
        ReadOnlySpan<double> blocks = _workspace.BlockSums(Softmax.BlockCount(Count));
        double remaining = random.NextDouble() * total;
        int block = 0;
        while (block < blocks.Length - 1 && remaining >= blocks[block])
        {
            remaining -= blocks[block++];
        }

        int last = -1;
        for (int index = block * Softmax.Block; index < weights.Length && remaining >= 0; index++)
        {
            if (weights[index] > 0)
            {
                remaining -= weights[index];
                last = index;
            }
        }

        // Rounding of the sums alone can lead to a block without weight; the most probable token is then as right as any.
        return last >= 0 ? last : IndexOfLargest;
    }

    /// <summary>Keeps the candidates with these indices, which are ascending.</summary>
    public void Keep(scoped ReadOnlySpan<int> indices)
    {
        Span<float> logits = _workspace.Logits(indices.Length);
        Span<int> tokens = _workspace.Tokens(IsWhole ? indices.Length : Count);
        for (int i = 0; i < indices.Length; i++)
        {
            logits[i] = _logits[indices[i]];
            tokens[i] = IsWhole ? indices[i] : tokens[indices[i]];
        }

        _logits = logits;
        _isCopy = true;
        _isLargestKnown = false;
        IsWhole = false;
    }

    /// <summary>Keeps the one candidate with this index.</summary>
    public void KeepOnly(int index) => Keep([index]);

    /// <summary>Keeps the candidates whose logit is at least the threshold.</summary>
    public void KeepAtLeast(float threshold)
    {
        Span<int> indices = _workspace.Indices(Count);
        int count = LogitScan.Gather(_logits, threshold, indices);
        if (IsWhole || count < Count)
        {
            Keep(indices[..count]);
        }
    }

    /// <summary>Keeps the candidates whose logit is at least the threshold, or at least that of the <paramref name="minKeep"/>-th most probable candidate.</summary>
    public void KeepAtLeast(float threshold, int minKeep)
    {
        float floor = Largest;
        if (minKeep > 1)
        {
            foreach (int index in TopSelection.Select(_logits, minKeep, _workspace))
            {
                floor = MathF.Min(floor, _logits[index]);
            }
        }

        KeepAtLeast(MathF.Min(threshold, floor));
    }

    /// <summary>Removes entries that are not finite; afterwards <see cref="Count"/> is the number of candidates.</summary>
    public void KeepFinite() => KeepAtLeast(float.MinValue);

    /// <summary>Keeps the k candidates with the largest logits; of equal ones the lowest tokens.</summary>
    public void KeepTop(int k)
    {
        if (k < Count)
        {
            Keep(TopSelection.Select(_logits, k, _workspace));
        }
    }

    /// <summary>Makes a token the only candidate, whether it was one or not.</summary>
    public void Replace(int token, float logit)
    {
        _workspace.Tokens(1)[0] = token;
        Span<float> logits = _workspace.Logits(1);
        logits[0] = logit;
        _logits = logits;
        _isCopy = true;
        _isLargestKnown = false;
        IsWhole = false;
    }
}
