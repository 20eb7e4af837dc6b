using System.Collections.Concurrent;
using System.Numerics;
using LlamaProvider.Decoding.Constraints;

namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>Buffers for choosing one token, reused from token to token. They grow to what the pipelines in use need, which is often far less than a vocabulary.</summary>
/// <remarks>Used by one thread at a time; <see cref="SamplerWorkspacePool"/> lends it.</remarks>
internal sealed class SamplerWorkspace
{
    private float[] _logits = [];
    private int[] _tokens = [];
    private int[] _identity = [];
    private int[] _indices = [];
    private float[] _weights = [];
    private double[] _blockSums = [];
    private float[] _keys = [];
    private float[] _scratchKeys = [];
    private float[] _scratchMasses = [];
    private TokenMask? _mask;

    /// <summary>Logits of the candidates.</summary>
    public Span<float> Logits(int count) => Take(ref _logits, count);

    /// <summary>Tokens of the candidates.</summary>
    public Span<int> Tokens(int count) => Take(ref _tokens, count);

    /// <summary>0, 1, 2 …: the tokens of a whole vocabulary.</summary>
    public ReadOnlySpan<int> Identity(int count)
    {
        if (_identity.Length < count)
        {
            _identity = [.. Enumerable.Range(0, count)];
        }

        return _identity.AsSpan(0, count);
    }

    /// <summary>Indices of the candidates to keep.</summary>
    public Span<int> Indices(int count) => Take(ref _indices, count);

    /// <summary>Softmax weights of the candidates.</summary>
    public Span<float> Weights(int count) => Take(ref _weights, count);

    /// <summary>Sums of blocks of weights.</summary>
    public Span<double> BlockSums(int count) => Take(ref _blockSums, count);

    /// <summary>One number a candidate, as a stage needs it.</summary>
    public Span<float> Keys(int count) => Take(ref _keys, count);

    /// <summary>A copy of keys whose order may be lost.</summary>
    public Span<float> ScratchKeys(int count) => Take(ref _scratchKeys, count);

    /// <summary>A copy of weights whose order may be lost.</summary>
    public Span<float> ScratchMasses(int count) => Take(ref _scratchMasses, count);

    /// <summary>A mask for a vocabulary of so many tokens, with whatever bits.</summary>
    public TokenMask Mask(int size)
    {
        if (_mask?.Size != size)
        {
            _mask = new TokenMask(size);
        }

        return _mask;
    }

    private static Span<T> Take<T>(ref T[] buffer, int count)
    {
        if (buffer.Length < count)
        {
            // What lies in the buffer is kept: a candidate list may grow.
            Array.Resize(ref buffer, (int)BitOperations.RoundUpToPowerOf2((uint)count));
        }

        return buffer.AsSpan(0, count);
    }
}

/// <summary>Lends workspaces to the threads that sample. Safe for concurrent use.</summary>
internal sealed class SamplerWorkspacePool
{
    private readonly ConcurrentBag<SamplerWorkspace> _free = [];

    public SamplerWorkspace Rent() => _free.TryTake(out SamplerWorkspace? workspace) ? workspace : new SamplerWorkspace();

    public void Return(SamplerWorkspace workspace) => _free.Add(workspace);
}
