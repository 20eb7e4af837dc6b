using LlamaProvider.Decoding.Model;
using LlamaProvider.Models;
using LlamaProvider.Models.Info;
using LlamaProvider.Models.Memory;
using LlamaProvider.Models.Quantization;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using LlamaProvider.Tests.Models.Gguf;
using Xunit;

namespace LlamaProvider.Tests.Models.Info;

public sealed class LlamaModelInfoTests : GgufTestBase
{
    [Fact]
    public void Read_PocketChat_TellsWhatIsInTheFile()
    {
        LlamaModelInfo info = LlamaModelInfo.Read(TestFiles.PocketChat);

        Assert.Equal(("llama", 2048, 256, 6, 4096), (info.Architecture, info.ContextLength, info.HiddenSize, info.LayerCount, info.VocabularySize));
        Assert.Same(QuantizationType.Q8_0, info.FileType);
        Assert.Equal([TestFiles.PocketChat], info.Files);
        Assert.Equal(new FileInfo(TestFiles.PocketChat).Length, info.FileBytes);
        Assert.InRange(info.ParameterCount, 5_170_000, 5_190_000);
        Assert.InRange(info.BitsPerWeight, 8.5, 8.6);
        Assert.Contains("<|im_start|>", info.ChatTemplate, StringComparison.Ordinal);
        Assert.Equal(new LlamaTensorInfo("token_embd.weight", [256, 4096], "q8_0", 1_048_576, 1_114_112), info.Tensors.Single(tensor => tensor.Name == "token_embd.weight"), new ByValue());
        Assert.Equal(info.FileBytes, info.TensorBytes, 0.05 * info.FileBytes);
        Assert.Equal("4096 × string", info.Metadata["tokenizer.ggml.tokens"]);
        Assert.Null(info.Pooling);
    }

    [Fact]
    public void Read_EveryKindOfValue_IsWrittenAsText()
    {
        string path = Write(GgufWriter.Model()
            .Set("general.name", "Tiny").Set("general.size_label", "16K").Set("general.license", "mit").Set("general.file_type", 0u).Set("llama.pooling_type", 3u)
            .Set("x.u64", ulong.MaxValue).Set("x.i8", (sbyte)-5).Set("x.f32", 0.5f).Set("x.f64", 1e-300).Set("x.bool", true).Set("x.i64", long.MinValue)
            .Set("x.array", new uint[] { 1, 2, 3 }).Set("x.floats", new float[] { 0.25f, -1 }).Set("x.texts", new[] { "a", "b" }).Set("x.long", new uint[129]));

        LlamaModelInfo info = LlamaModelInfo.Read(path);

        Assert.Equal(("Tiny", "16K", "mit", "last", "F32"), (info.Name, info.SizeLabel, info.License, info.Pooling, info.FileType?.Name));
        Assert.Equal(
            ["18446744073709551615", "-5", "0.5", "1E-300", "true", "-9223372036854775808", "[1, 2, 3]", "[0.25, -1]", "2 × string", "129 × u32"],
            info.Metadata.Where(entry => entry.Key.StartsWith("x.", StringComparison.Ordinal)).Select(entry => entry.Value));
        Assert.Equal(32, info.BitsPerWeight);
        Assert.Equal((512L + 1024) * 4, info.TensorBytes);
    }

    [Fact]
    public void Read_KeysThatAreAbsent_AreNull()
    {
        LlamaModelInfo info = LlamaModelInfo.Read(Write(GgufWriter.Model()));

        Assert.Equal((null, null, null, null, null, null), (info.Name, info.SizeLabel, info.License, info.ChatTemplate, info.Pooling, info.FileType));
    }

    [Fact]
    public void Read_NoModel_IsAModelLoadException() => Assert.Equal(
        $"Cannot load the model '{Path.Combine(Folder, "model.gguf")}': 'general.architecture' is missing or no text; it names how the model is built. {ConvertAgain}",
        Assert.Throws<ModelLoadException>(() => LlamaModelInfo.Read(Write(GgufWriter.Model().Remove("general.architecture")))).Message);

    [Fact]
    public void FindVocabularyDifference_PocketPair_IsNoneBothWays()
    {
        LlamaModelInfo chat = LlamaModelInfo.Read(TestFiles.PocketChat);
        LlamaModelInfo draft = LlamaModelInfo.Read(TestFiles.PocketDraft);

        Assert.Null(chat.FindVocabularyDifference(draft));
        Assert.Null(draft.FindVocabularyDifference(chat));
    }

    [Fact]
    public void FindVocabularyDifference_OtherTokens_NamesTheFirst()
    {
        LlamaModelInfo model = LlamaModelInfo.Read(Write(GgufWriter.Model(), "model.gguf"));
        string[] tokens = GgufWriter.Tokens(16);
        tokens[9] = "other";

        Assert.Equal("token 9 is 'other' and the model's is 't9'", Difference(GgufWriter.Model().Set("tokenizer.ggml.tokens", tokens)));
        Assert.Equal("its texts end with token 3, the model's with no token", Difference(GgufWriter.Model().Set("tokenizer.ggml.eos_token_id", 3u)));
        Assert.Equal("the tokenizer is gpt2, qwen2 instead of gpt2", Difference(GgufWriter.Model().Set("tokenizer.ggml.pre", "qwen2")));

        string? Difference(GgufWriter draft) => model.FindVocabularyDifference(LlamaModelInfo.Read(Write(draft, "draft.gguf")));
    }

    [Fact]
    public void EstimateMemory_SmallModel_CountsEachPart()
    {
        // Width 32 of 4 heads in one layer, 16 tokens; 300 cells become 512.
        LlamaModelInfo info = LlamaModelInfo.Read(Write(GgufWriter.Model().Set("llama.feed_forward_length", 64u)));
        var options = new LlamaEngineOptions { ContextLength = 300, Sequences = 2, PrefixCacheSequences = 2, BatchTokens = 64, KeyType = KvCacheType.F32, ValueType = KvCacheType.F16 };

        MemoryEstimate estimate = info.EstimateMemory(options);

        Assert.Equal((512L + 1024) * 4, estimate.WeightBytes);
        Assert.Equal(512L * 32 * (4 + 2), estimate.KeyValueBytes);
        Assert.Equal(20L * 16 * 4, estimate.OutputBytes);
        Assert.Equal((64L * ((3 * 64) + (3 * 32)) * 4) + (64 * 512 * 2), estimate.ComputeBytes);
        Assert.Equal(estimate.WeightBytes + estimate.KeyValueBytes + estimate.OutputBytes + estimate.ComputeBytes, estimate.TotalBytes);
        Assert.True(estimate.IsComplete);
        Assert.False(LlamaModelInfo.Read(Write(GgufWriter.Model().Set("llama.ssm.state_size", 16u))).EstimateMemory().IsComplete);
    }

    [Fact]
    public void EstimateMemory_BadOptions_AreRefused() =>
        Assert.Throws<InvalidOptionsException>(() => LlamaModelInfo.Read(TestFiles.PocketChat).EstimateMemory(new() { Sequences = 0 }));

    /// <summary>Records compare lists by reference.</summary>
    private sealed class ByValue : IEqualityComparer<LlamaTensorInfo>
    {
        public bool Equals(LlamaTensorInfo? x, LlamaTensorInfo? y) => (x! with { Shape = y!.Shape }) == y && x.Shape.SequenceEqual(y.Shape);

        public int GetHashCode(LlamaTensorInfo tensor) => tensor.Name.GetHashCode(StringComparison.Ordinal);
    }
}
