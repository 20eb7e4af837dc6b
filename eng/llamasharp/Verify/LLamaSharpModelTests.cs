using System.Text;
using LLama;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Models;
using LlamaProvider.TestSupport;
using LlamaProvider.TestSupport.Models;
using Microsoft.Extensions.AI;

namespace LlamaProvider.LLamaSharp.Verify;

public sealed class LLamaSharpModelTests(SharpPocket pocket) : IClassFixture<SharpPocket>
{
    [Fact]
    public void Model_Pocket_IsDescribed()
    {
        LLamaSharpModel model = pocket.Model;

        Assert.Equal(("Pocket chat", "llama", 5_180_672L), (model.Description.Name, model.Description.Architecture, model.Description.ParameterCount));
        Assert.Equal((4096, 256), (model.Vocabulary.Count, model.Description.HiddenSize));
        Assert.Equal(model.Description.Name, model.Metadata["general.name"]);
        Assert.Contains("<|im_start|>", model.ChatTemplate, StringComparison.Ordinal);
        Assert.Equal(ModelCapabilities.All, model.Capabilities);
        Assert.Equal(["first", "second"], model.Adapters);
        Assert.Equal("<|im_start|>", model.Vocabulary.GetText(1));
        Assert.True(model.Vocabulary.GetAttributes(1).HasFlag(TokenAttributes.Control));
        Assert.Contains(model.Vocabulary.Special.EndOfTurn ?? model.Vocabulary.Special.EndOfText!.Value, model.Vocabulary.EndOfGeneration);
    }

    [Fact]
    public void EncodeText_ControlNames_AreOnlyText()
    {
        List<int> tokens = pocket.Model.Tokenizer.EncodeText("<|im_start|>user");

        Assert.DoesNotContain(1, tokens);
        Assert.Equal(1, pocket.Model.Tokenizer.EncodeMarkup("<|im_start|>user")[0]);
    }

    [Fact]
    public void Encode_AnyBytes_ComeBackFromTheirTokens()
    {
        byte[] bytes = [0x61, 0x20, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80, .. Encoding.UTF8.GetBytes(" the sky is blue.")];
        var tokens = new List<int>();

        pocket.Model.Tokenizer.EncodeText(bytes, tokens);

        Assert.Equal(bytes, tokens.SelectMany(token => pocket.Model.Vocabulary.GetBytes(token).ToArray()));
    }

    [Fact]
    public void Dispose_BorrowedWeights_StayUsable()
    {
        using LLamaWeights weights = SharpPocket.Load(TestFiles.PocketDraft);
        new LLamaSharpModel(weights).Dispose();

        Assert.False(weights.NativeHandle.IsClosed);
    }

    [Fact]
    public void Dispose_OwnedWeights_AreDisposed()
    {
        LLamaWeights weights = SharpPocket.Load(TestFiles.PocketDraft);
        var model = new LLamaSharpModel(weights, ownsWeights: true);

        model.Dispose();

        Assert.True(weights.NativeHandle.IsClosed);
        Assert.Throws<ObjectDisposedException>(() => model.CreateContext(new ContextOptions()));
        Assert.Throws<ObjectDisposedException>(() => model.Tokenizer.EncodeText("text"));
        Assert.Throws<ObjectDisposedException>(() => new LLamaSharpModel(weights));
    }

    [Fact]
    public void Dispose_WeightsBeforeTheContext_LeavesTheContextWorking()
    {
        LLamaWeights weights = SharpPocket.Load(TestFiles.PocketDraft);
        using IModelContext context = new LLamaSharpModel(weights).CreateContext(new ContextOptions { ContextLength = 64, Sequences = 1 });
        weights.Dispose();
        var batch = new ModelBatch();
        batch.AddOutput(3, 0, 0);

        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
    }

    [Fact]
    public void Adapters_WithoutTheModelsFile_AreRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new LLamaSharpModel(pocket.Weights, options: new LLamaSharpModelOptions { Adapters = { ["law"] = "law.gguf" } }));

        Assert.StartsWith(
            "Adapters names 'law', but ModelPath is not set, against which adapters are checked. Name the file that the weights were loaded from.", error.Message);
    }

    [Fact]
    public void Adapters_ModelInsteadOfAdapter_IsRefused()
    {
        var options = new LLamaSharpModelOptions { ModelPath = TestFiles.PocketChat, Adapters = { ["law"] = TestFiles.PocketDraft } };

        Assert.Throws<AdapterLoadException>(() => new LLamaSharpModel(pocket.Weights, options: options));
    }

    [Fact]
    public void LoadState_OfAnotherModelWithoutFile_IsRefused()
    {
        using LLamaWeights draft = SharpPocket.Load(TestFiles.PocketDraft);
        var options = new ContextOptions { ContextLength = 64, Sequences = 1 };
        using IModelContext saving = new LLamaSharpModel(pocket.Weights).CreateContext(options);
        using IModelContext same = new LLamaSharpModel(pocket.Weights).CreateContext(options);
        using IModelContext other = new LLamaSharpModel(draft).CreateContext(options);
        var batch = new ModelBatch();
        batch.AddOutput(3, 0, 0);
        saving.Evaluate(batch);
        using var state = new MemoryStream();
        saving.SaveState(0, state);

        state.Position = 0;
        same.LoadState(0, state);
        Assert.Equal(1, same.GetPositions(0).Count);
        state.Position = 0;
        Assert.Equal(
            "The saved state belongs to another model file. Load the model that it was saved with.",
            Assert.Throws<ModelContextException>(() => other.LoadState(0, state)).Message);
    }

    [Fact]
    public async Task Encoder_Embeddings_AreThoseOfItsFormulas()
    {
        string path = Path.GetTempFileName();
        try
        {
            var encoder = new TinyEncoder(hasHead: false, pooling: 2);
            encoder.Write(path);
            using var model = new LLamaSharpModel(SharpPocket.Load(path), ownsWeights: true);
            await using LlamaEngine engine = LlamaEngine.Create(model, new LlamaEngineOptions { Threads = 1 });
            Embedding<float> embedding = await engine.CreateEmbeddingGenerator().GenerateAsync("the capital of rome");

            // Pooled by the first token, [CLS], and scaled to length 1.
            float[] first = encoder.GetStates([2, .. model.Tokenizer.EncodeText("the capital of rome"), 3])[0];
            float length = MathF.Sqrt(first.Sum(value => value * value));
            Assert.True(model.Capabilities.EvaluatesWholeTexts);
            Assert.Equal(first.Select(value => value / length), embedding.Vector.ToArray(), static (expected, actual) => MathF.Abs(expected - actual) < 2e-3f);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
