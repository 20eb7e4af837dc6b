using System.Runtime.InteropServices;
using LlamaProvider.Native.Loading;

namespace LlamaProvider.Benchmarks.Sampling;

/// <summary>llama.h at v0.5.0: the sampler chain, which only comparisons need.</summary>
internal static unsafe partial class LibSampler
{
    private const string Library = "llama";

    /// <summary>Sends this assembly's calls to the libllama that the runtime has loaded.</summary>
    public static void Connect()
    {
        nint llama = NativeLibrary.Load(NativeRuntime.EnsureLoaded(null).Llama);
        NativeLibrary.SetDllImportResolver(typeof(LibSampler).Assembly, (name, _, _) => name == Library ? llama : 0);
    }

    [LibraryImport(Library, EntryPoint = "llama_sampler_chain_default_params")]
    public static partial ChainParams ChainDefaultParams();

    [LibraryImport(Library, EntryPoint = "llama_sampler_chain_init")]
    public static partial nint ChainInit(ChainParams parameters);

    [LibraryImport(Library, EntryPoint = "llama_sampler_chain_add")]
    public static partial void ChainAdd(nint chain, nint sampler);

    [LibraryImport(Library, EntryPoint = "llama_sampler_apply")]
    public static partial void Apply(nint sampler, TokenDataArray* candidates);

    [LibraryImport(Library, EntryPoint = "llama_sampler_accept")]
    public static partial void Accept(nint sampler, int token);

    [LibraryImport(Library, EntryPoint = "llama_sampler_free")]
    public static partial void Free(nint sampler);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_logit_bias")]
    public static partial nint InitLogitBias(int vocabularyCount, int count, void* biases);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_penalties")]
    public static partial nint InitPenalties(int vocabularyCount, int lastTokens, float repeat, float frequency, float presence);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_dry", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint InitDry(
        nint vocabulary, float multiplier, float @base, int allowedLength, int lastTokens, string[] breakers, nuint breakerCount);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_top_n_sigma")]
    public static partial nint InitTopNSigma(float n);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_top_k")]
    public static partial nint InitTopK(int k);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_typical")]
    public static partial nint InitTypical(float p, nuint minKeep);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_top_p")]
    public static partial nint InitTopP(float p, nuint minKeep);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_min_p")]
    public static partial nint InitMinP(float p, nuint minKeep);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_xtc")]
    public static partial nint InitXtc(float probability, float threshold, nuint minKeep, uint seed);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_temp")]
    public static partial nint InitTemperature(float temperature);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_temp_ext")]
    public static partial nint InitDynamicTemperature(float temperature, float range, float exponent);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_mirostat_v2")]
    public static partial nint InitMirostatV2(uint seed, float tau, float eta);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_dist")]
    public static partial nint InitDraw(uint seed);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_grammar", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint InitGrammar(nint vocabulary, string gbnf, string root);

    [LibraryImport(Library, EntryPoint = "llama_sampler_init_greedy")]
    public static partial nint InitGreedy();

    /// <summary><c>llama_sampler_chain_params</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ChainParams
    {
        public byte NoPerformance;
    }

    /// <summary><c>llama_token_data</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TokenData
    {
        public int Id;
        public float Logit;
        public float Probability;
    }

    /// <summary><c>llama_token_data_array</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TokenDataArray
    {
        public TokenData* Data;
        public nuint Size;
        public long Selected;
        public byte Sorted;
    }
}
