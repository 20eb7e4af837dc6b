using System.Runtime.InteropServices;
using static LlamaProvider.Benchmarks.Sampling.LibSampler;

namespace LlamaProvider.Benchmarks.Sampling;

/// <summary>The peer: a <c>llama_sampler_chain</c>, used as <c>llama_sampler_sample</c> uses it, on logits that need no model.</summary>
internal sealed unsafe class SamplerChain : IDisposable
{
    private const nuint CacheLine = 64;
    private readonly nint _chain = ChainInit(ChainDefaultParams());
    private readonly TokenData* _candidates;
    private readonly int _count;

    public SamplerChain(int vocabularyCount)
    {
        _count = vocabularyCount;
        _candidates = (TokenData*)NativeMemory.AlignedAlloc((nuint)vocabularyCount * (nuint)sizeof(TokenData), CacheLine);
    }

    public int VocabularyCount => _count;

    /// <summary>Adds a sampler to the end; the chain owns it.</summary>
    public SamplerChain Add(nint sampler)
    {
        ChainAdd(_chain, sampler);
        return this;
    }

    public void Accept(int token) => LibSampler.Accept(_chain, token);

    /// <summary>Chooses a token; the token is not accepted yet.</summary>
    public int Choose(ReadOnlySpan<float> logits)
    {
        TokenDataArray candidates = Apply(logits);
        return candidates.Data[candidates.Selected].Id;
    }

    /// <summary>The probabilities that the chain drew from: 0 for tokens that it removed.</summary>
    public double[] Distribution(ReadOnlySpan<float> logits)
    {
        TokenDataArray candidates = Apply(logits);
        double[] probabilities = new double[_count];
        foreach (TokenData token in new ReadOnlySpan<TokenData>(candidates.Data, (int)candidates.Size))
        {
            probabilities[token.Id] = token.Probability;
        }

        return probabilities;
    }

    /// <summary>What comes before the chain: llama.cpp's loop over the row, two stores a token.</summary>
    public void Fill(ReadOnlySpan<float> logits)
    {
        fixed (float* row = logits)
        {
            TokenData* candidate = _candidates;
            uint* bits = (uint*)row;
            for (uint token = 0; token < (uint)_count; token++, candidate++)
            {
                *(ulong*)candidate = token | ((ulong)bits[token] << 32);
                candidate->Probability = 0;
            }
        }
    }

    public void Dispose()
    {
        Free(_chain);
        NativeMemory.AlignedFree(_candidates);
    }

    private TokenDataArray Apply(ReadOnlySpan<float> logits)
    {
        Fill(logits);
        var candidates = new TokenDataArray { Data = _candidates, Size = (nuint)_count, Selected = -1 };
        LibSampler.Apply(_chain, &candidates);
        return candidates;
    }
}
