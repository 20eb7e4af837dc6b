using System.Runtime.InteropServices;
using LlamaProvider.Benchmarks.Sampling;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Model;
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

    public bool IsLegal(int token) => !float.IsNegativeInfinity(_candidates[token].Logit);

    public void Accept(int token) => LibSampler.Accept(_sampler, token);

    /// <summary>Whether only one of the two allows some token of text.</summary>
    public bool Differs(TokenMask ours, Vocabulary vocabulary) =>
        Enumerable.Range(0, _count).Any(token => vocabulary.IsText(token) && ours[token] != IsLegal(token));

    public void Dispose()
    {
        Free(_sampler);
        NativeMemory.Free(_candidates);
    }
}
