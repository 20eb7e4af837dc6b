using LlamaProvider.Decoding.Model;
using LlamaProvider.Models;
using LlamaProvider.Models.Quantization;
using LlamaProvider.Native;
using LlamaProvider.Native.Interop;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Native;

public sealed class LlamaCppModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llama").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_Pocket_DescribesItself()
    {
        using LlamaCppModel model = Load(TestFiles.PocketChat);

        Assert.Equal(("llama", 256, 6, 2048), (
            model.Description.Architecture, model.Description.HiddenSize, model.Description.LayerCount, model.Description.TrainedContextLength));
        Assert.InRange(model.Description.ParameterCount, 5_000_000, 5_300_000);
        Assert.Equal(4096, model.Vocabulary.Count);
        Assert.Equal((0, 2), (model.Vocabulary.Special.BeginningOfText, model.Vocabulary.Special.EndOfText));
        Assert.Contains(2, model.Vocabulary.EndOfGeneration);
        Assert.Equal("<|im_start|>", model.Vocabulary.GetText(1));
        Assert.False(model.Vocabulary.IsText(1));
        Assert.Contains("<|im_start|>", model.ChatTemplate);
        Assert.Equal("llama", model.Metadata["general.architecture"]);
        Assert.Equal(ModelCapabilities.All, model.Capabilities);
    }

    [Fact]
    public void Load_Progress_GrowsToOne()
    {
        var values = new List<float>();
        using LlamaCppModel model = LlamaCppModel.Load(TestFiles.PocketChat, new LlamaCppModelOptions(), new Collect(values), CancellationToken.None);

        Assert.NotEmpty(values);
        Assert.Equal(values.Order(), values);
        Assert.Equal(1f, values[^1]);
    }

    [Fact]
    public void Load_CancelledDuringLoading_ThrowsAndFrees()
    {
        using var source = new CancellationTokenSource();
        var cancel = new Collect([], source.Cancel);

        Assert.ThrowsAny<OperationCanceledException>(() => LlamaCppModel.Load(TestFiles.PocketChat, new LlamaCppModelOptions(), cancel, source.Token));
    }

    [Fact]
    public void Load_ProgressConsumerThrows_LoadingGoesOn()
    {
        var broken = new Collect([], () => throw new InvalidOperationException("consumer"));

        using LlamaCppModel model = LlamaCppModel.Load(TestFiles.PocketChat, new LlamaCppModelOptions(), broken, CancellationToken.None);

        Assert.Equal(4096, model.Vocabulary.Count);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Load_OtherWaysToReadTheFile_GiveTheSameModel(bool map, bool memoryLock)
    {
        using var model = LlamaCppModel.Load(
            TestFiles.PocketDraft, new LlamaCppModelOptions { MemoryMap = map, MemoryLock = memoryLock, GpuLayers = 0 }, null, CancellationToken.None);

        Assert.Equal(4096, model.Vocabulary.Count);
    }

    [Fact]
    public void Load_MissingFile_IsAModelLoadException() =>
        Assert.Equal("absent.gguf", Assert.Throws<ModelLoadException>(() => Load("absent.gguf")).Path);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.999)]
    public void Load_TruncatedFile_IsAModelLoadException(double share)
    {
        byte[] bytes = File.ReadAllBytes(TestFiles.PocketDraft);
        string path = Path.Combine(_folder, "cut.gguf");
        File.WriteAllBytes(path, bytes[..(int)(bytes.Length * share)]);

        Assert.Equal(path, Assert.Throws<ModelLoadException>(() => Load(path)).Path);
    }

    [Fact]
    public void Load_UnknownArchitecture_SaysWhatLlamaCppSaid()
    {
        string path = UnknownArchitecture.Write(TestFiles.PocketDraft, Path.Combine(_folder, "unknown.gguf"));

        string message = Assert.Throws<ModelLoadException>(() => Load(path)).Message;

        Assert.Contains("unknown model architecture: 'xlama'", message);
        Assert.EndsWith("Check that its architecture is one that llama.cpp knows, and convert it anew.", message);
    }

    [Fact]
    public void CreateContext_LargerThanMemory_SaysBothNumbers()
    {
        using LlamaCppModel model = Load(TestFiles.PocketChat);

        string message = Assert.Throws<ContextCreationException>(() => model.CreateContext(new ContextOptions { ContextLength = 2_000_000_000 })).Message;

        Assert.StartsWith("A context of 2000000000 tokens needs about 5722.0 GiB for its keys and values, but this process has ", message);
        Assert.EndsWith("Lower ContextLength, or choose smaller KV types.", message);
    }

    [Fact]
    public void CreateContext_FewerTokensThanSequences_IsRefused()
    {
        using LlamaCppModel model = Load(TestFiles.PocketDraft);

        Assert.Equal(
            "ContextLength is 8, but must be at least the number of sequences (16). Raise the one or lower the other.",
            Assert.Throws<ContextCreationException>(() => model.CreateContext(new ContextOptions { ContextLength = 8 })).Message);
    }

    [Fact]
    public void Dispose_ModelBeforeContext_ContextStillWorks()
    {
        LlamaCppModel model = Load(TestFiles.PocketDraft);
        IModelContext context = model.CreateContext(new ContextOptions { ContextLength = 256, Sequences = 1, Threads = 1 });
        model.Dispose();
        model.Dispose();
        var batch = new ModelBatch();
        batch.AddOutput(5, 0, 0);

        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
        Assert.Equal(4096, context.GetLogits(0).Length);
        context.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.CreateContext(new ContextOptions()));
        Assert.Throws<ObjectDisposedException>(() => model.Tokenizer.EncodeText("after the end"));
    }

    [Fact]
    public async Task Load_TheSameWeightsAsFloats_AgreesAndIsAnotherFile()
    {
        string output = Path.Combine(_folder, "draft.F32.gguf");
        using LlamaCppModel quantized = Load(TestFiles.PocketDraft);

        await LlamaQuantizer.QuantizeAsync(TestFiles.PocketDraft, output, QuantizationType.F32, new() { AllowRequantize = true, Threads = 1 });

        using LlamaCppModel floats = Load(output);
        Assert.True(floats.Description.ByteCount > 3 * quantized.Description.ByteCount);
        Assert.Equal(Best(quantized), Best(floats));
        Assert.NotEqual(quantized.Fingerprint, floats.Fingerprint);
    }

    [Fact]
    public void State_OfAnotherModelFile_IsRefused()
    {
        using LlamaCppModel chat = Load(TestFiles.PocketChat);
        using LlamaCppModel draft = Load(TestFiles.PocketDraft);
        using IModelContext source = chat.CreateContext(new ContextOptions { ContextLength = 256, Sequences = 1, Threads = 1 });
        using IModelContext target = draft.CreateContext(new ContextOptions { ContextLength = 256, Sequences = 1, Threads = 1 });
        using IModelContext floats = chat.CreateContext(new ContextOptions { ContextLength = 256, Sequences = 1, Threads = 1, KeyType = KvCacheType.F32 });
        var batch = new ModelBatch();
        batch.Add(5, 0, 0);
        Assert.Equal(EvaluationStatus.Completed, source.Evaluate(batch));
        var saved = new MemoryStream();
        source.SaveState(0, saved);

        saved.Position = 0;
        Assert.Equal(
            "The saved state belongs to another model file. Load the model that it was saved with.",
            Assert.Throws<ModelContextException>(() => target.LoadState(0, saved)).Message);
        saved.Position = 0;
        Assert.Equal(
            "The saved state has KV types F16 and F16, but this context has F32 and F16. Create the context with the saved types.",
            Assert.Throws<ModelContextException>(() => floats.LoadState(0, saved)).Message);
    }

    [Fact]
    public void Adapter_MissingFile_IsNull()
    {
        using LlamaCppModel model = Load(TestFiles.PocketDraft);

        Assert.Equal(0, LibLlama.AdapterLoad(model.Handle, Path.Combine(_folder, "absent.gguf")));
    }

    private static LlamaCppModel Load(string path) => LlamaCppModel.Load(path, new LlamaCppModelOptions(), null, CancellationToken.None);

    private static int Best(LlamaCppModel model)
    {
        using IModelContext context = model.CreateContext(new ContextOptions { ContextLength = 256, Sequences = 1, Threads = 1 });
        var batch = new ModelBatch();
        List<int> tokens = model.Tokenizer.EncodeMarkup("<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\nThe capital of");
        for (int i = 0; i < tokens.Count - 1; i++)
        {
            batch.Add(tokens[i], i, 0);
        }

        batch.AddOutput(tokens[^1], tokens.Count - 1, 0);
        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
        return System.Numerics.Tensors.TensorPrimitives.IndexOfMax(context.GetLogits(0));
    }

    private sealed class Collect(List<float> values, Action? then = null) : IProgress<float>
    {
        public void Report(float value)
        {
            values.Add(value);
            then?.Invoke();
        }
    }
}
