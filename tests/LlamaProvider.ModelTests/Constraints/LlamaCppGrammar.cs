using System.Runtime.InteropServices;
using System.Text;
using LlamaProvider.Native.Loading;

namespace LlamaProvider.ModelTests.Constraints;

/// <summary>llama.cpp's own grammar sampler, as a reference.</summary>
internal sealed unsafe class LlamaCppGrammar : IDisposable
{
    private static readonly nint Library = NativeLibrary.Load(NativeRuntime.EnsureLoaded(null).Llama);

    private readonly nint _sampler;
    private readonly Candidate[] _candidates;

    /// <param name="vocabulary">A <c>llama_vocab</c>.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="gbnf">A grammar that llama.cpp reads; a malformed one would end the process.</param>
    public LlamaCppGrammar(nint vocabulary, int tokens, string gbnf)
    {
        _candidates = new Candidate[tokens];
        fixed (byte* text = Encoding.UTF8.GetBytes(gbnf + '\0'), root = "root\0"u8)
        {
            _sampler = ((delegate* unmanaged<nint, byte*, byte*, nint>)Export("llama_sampler_init_grammar"))(vocabulary, text, root);
        }

        Assert.NotEqual(0, _sampler);
    }

    /// <summary>Which tokens are legal.</summary>
    public bool[] Mask()
    {
        for (int token = 0; token < _candidates.Length; token++)
        {
            _candidates[token] = new Candidate { Token = token };
        }

        fixed (Candidate* candidates = _candidates)
        {
            var list = new CandidateList { Data = candidates, Size = (nuint)_candidates.Length, Selected = -1 };
            ((delegate* unmanaged<nint, CandidateList*, void>)Export("llama_sampler_apply"))(_sampler, &list);
        }

        return [.. _candidates.Select(static candidate => !float.IsNegativeInfinity(candidate.Logit))];
    }

    public void Accept(int token) => ((delegate* unmanaged<nint, int, void>)Export("llama_sampler_accept"))(_sampler, token);

    public void Dispose() => ((delegate* unmanaged<nint, void>)Export("llama_sampler_free"))(_sampler);

    private static nint Export(string name) => NativeLibrary.GetExport(Library, name);

    [StructLayout(LayoutKind.Sequential)]
    private struct Candidate
    {
        public int Token;
        public float Logit;
        public float Probability;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct CandidateList
    {
        public Candidate* Data;
        public nuint Size;
        public long Selected;
        public byte IsSorted;
    }
}
