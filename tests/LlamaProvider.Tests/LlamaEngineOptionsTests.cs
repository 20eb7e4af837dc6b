using LlamaProvider.Decoding.Model;
using LlamaProvider.Devices;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Tests;

public sealed class LlamaEngineOptionsTests
{
    [Fact]
    public async Task LoadAsync_SeveralErrors_ListsAll()
    {
        var options = new LlamaEngineOptions { QueueLimit = 0, LongestPause = TimeSpan.Zero, GpuLayers = -1, HiddenStateTokens = 600, FlashAttention = FlashAttention.Off, ValueType = KvCacheType.Q4_0 };

        var error = await Assert.ThrowsAsync<InvalidOptionsException>(() => LlamaEngine.LoadAsync(options));

        Assert.Equal(
            [
                "ModelPath is empty, but the engine needs a model. Name a GGUF file.",
                "QueueLimit is 0, but must be 1 or more. Change the option or leave it unset.",
                "LongestPause is 00:00:00, but must be above 0. Change the option or leave it unset.",
                "GpuLayers is -1, but must be 0 or more. Change the option or leave it unset.",
                "HiddenStateTokens is 600, but must be from 16 to 512 with these Sequences and BatchTokens. Change the option or leave it unset.",
                "ValueType is Q4_0 and FlashAttention is Off, but quantized values need flash attention. Turn it on, or choose F16 or F32.",
            ],
            error.Errors);
        Assert.Equal($"LlamaEngineOptions: {string.Join(" ", error.Errors)}", error.Message);
    }

    [Fact]
    public async Task MainDevice_WithLayersSplit_IsRefused()
    {
        var options = new LlamaEngineOptions { ModelPath = "model.gguf", MainDevice = "CUDA1", SplitMode = LlamaSplitMode.Layer };

        Assert.Equal(
            "LlamaEngineOptions: MainDevice is 'CUDA1', but with SplitMode Layer no GPU leads. Leave one of them unset, or choose None or Row.",
            (await Assert.ThrowsAsync<InvalidOptionsException>(() => LlamaEngine.LoadAsync(options))).Message);
        options = new LlamaEngineOptions { ModelPath = "model.gguf", SplitMode = (LlamaSplitMode)7 };
        Assert.Equal(
            "LlamaEngineOptions: SplitMode is 7, but must be None, Layer or Row. Change the option or leave it unset.",
            (await Assert.ThrowsAsync<InvalidOptionsException>(() => LlamaEngine.LoadAsync(options))).Message);
    }

    [Theory]
    [InlineData(-1L, 4, true, "PrefixSpillBytes is -1, but must be 0 or more. Change the option or leave it unset.")]
    [InlineData(1L, 0, true, "PrefixSpillBytes is 1, but PrefixCacheSequences is 0, so nothing is kept that could be copied. Raise the one or leave the other unset.")]
    [InlineData(1L, 4, false, "PrefixSpillBytes is 1, but the memory of 'scripted' cannot be saved. Leave the option unset.")]
    public void PrefixSpillBytes_CannotBeHonoured_IsRefused(long bytes, int kept, bool canSaveState, string message)
    {
        ScriptedModel model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes(), ModelCapabilities.All with { CanSaveState = canSaveState });

        Assert.Equal(
            [message],
            Assert.Throws<InvalidOptionsException>(() => LlamaEngine.Create(model, new LlamaEngineOptions { PrefixSpillBytes = bytes, PrefixCacheSequences = kept })).Errors);
    }

    [Theory]
    [InlineData(null, 4096)]
    [InlineData(100, 100)]
    [InlineData(20_000, 20_000)]
    public void ContextLength_Default_IsTheTrainedOneWithinTheLimit(int? asked, int expected)
    {
        using LlamaEngine engine = LlamaEngine.Create(
            ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()), new LlamaEngineOptions { ContextLength = asked });

        Assert.Equal(expected, engine.Limits.Cells);
    }
}
