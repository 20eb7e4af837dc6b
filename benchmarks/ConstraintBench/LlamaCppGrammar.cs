using System.Runtime.InteropServices;
using LlamaProvider.Benchmarks.Sampling;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Native;
using LlamaProvider.Native.Interop;
using static LlamaProvider.Benchmarks.Sampling.LibSampler;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>The peer: llama.cpp's grammar sampler, used as <c>llama_sampler_sample</c> uses it.</summary>
internal sealed unsafe class LlamaCppGrammar : IDisposable
{
    private readonly nint _sampler;
    private readonly TokenData* _candidates;
    private readonly int _count;

    private LlamaCppGrammar(nint sampler, int count)
    {
        _sampler = sampler;
        _count = count;
        _candidates = (TokenData*)NativeMemory.Alloc((nuint)count, (nuint)sizeof(TokenData));
    }

    /// <returns><see langword="null"/> when llama.cpp refuses the grammar.</returns>
    public static LlamaCppGrammar? TryCreate(LlamaCppModel model, string gbnf)
    {
        nint sampler = InitGrammar(LibLlama.ModelGetVocabulary(model.Handle), gbnf, "root");
        return sampler == 0 ? null : new LlamaCppGrammar(sampler, model.Vocabulary.Count);
    }

    /// <summary>All tokens as candidates. Not part of the mask's time: the sampler chain does it anyway.</summary>
    public void Fill()
    {
        for (int token = 0; token < _count; token++)
        {
            _candidates[token] = new TokenData { Id = token };
        }
    }

    /// <summary>Takes from the candidates what the grammar does not allow.</summary>
    public void Mask()
    {
        var candidates = new TokenDataArray { Data = _candidates, Size = (nuint)_count, Selected = -1 };
        Apply(_sampler, &candidates);
    }

    /// <summary>
    /// The most probable legal token, as llama.cpp's programs find it: they ask the grammar about the most probable token alone, and only if that is not legal about all.
    /// </summary>
    public int Choose(ReadOnlySpan<float> logits)
    {
        int best = LogitScan.IndexOfMax(logits);
        var candidate = new TokenData { Id = best, Logit = logits[best] };
        var single = new TokenDataArray { Data = &candidate, Size = 1, Selected = -1 };
        Apply(_sampler, &single);
        if (float.IsNegativeInfinity(candidate.Logit))
        {
            best = ChooseOfAll(logits);
        }

        Accept(best);
        return best;
    }

    public bool IsLegal(int token) => !float.IsNegativeInfinity(_candidates[token].Logit);

    public void Accept(int token) => LibSampler.Accept(_sampler, token);

    /// <summary>Whether only one of the two allows some token of text.</summary>
    public bool Differs(TokenMask ours, Vocabulary vocabulary) =>
        Enumerable.Range(0, _count).Any(token => vocabulary.IsText(token) && ours[token] != IsLegal(token));

    private int ChooseOfAll(ReadOnlySpan<float> logits)
    {
        for (int token = 0; token < _count; token++)
        {
            _candidates[token] = new TokenData { Id = token, Logit = logits[token] };
        }

        Mask();
        int best = 0;
        for (int index = 1; index < _count; index++)
        {
            best = _candidates[index].Logit > _candidates[best].Logit ? index : best;
        }

        return _candidates[best].Id;
    }

    public void Dispose()
    {
        Free(_sampler);
        NativeMemory.Free(_candidates);
    }
}
