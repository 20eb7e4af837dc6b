using System.Numerics.Tensors;
using System.Text.Json;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies.Embedding;
using LlamaProvider.Embeddings;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Embeddings;

public sealed class LlamaEmbeddingGeneratorTests : IDisposable
{
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());
    private readonly LlamaEngine _engine;

    public LlamaEmbeddingGeneratorTests() => _engine = LlamaEngine.Create(_model, new LlamaEngineOptions { ContextLength = 200, Sequences = 4, PrefixCacheSequences = 0, BatchTokens = 32 });

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(EmbeddingPooling.Mean)]
    [InlineData(EmbeddingPooling.Cls)]
    [InlineData(EmbeddingPooling.Last)]
    public async Task Generate_ManyTexts_AreVectorsOfLengthOneInOrder(EmbeddingPooling pooling)
    {
        using LlamaEmbeddingGenerator generator = _engine.CreateEmbeddingGenerator(new() { Pooling = pooling });
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => new string((char)('a' + (i % 26)), 1 + (i % 60)))];

        GeneratedEmbeddings<Embedding<float>> all = await generator.GenerateAsync(texts);

        for (int i = 0; i < texts.Length; i++)
        {
            float[] expected = Expected(texts[i], pooling);
            Assert.Equal(expected.Length, all[i].Vector.Length);
            for (int d = 0; d < expected.Length; d++)
            {
                Assert.Equal(expected[d], all[i].Vector.Span[d], 1e-5f);
            }
        }

        Assert.Equal((long)texts.Sum(text => text.Length), all.Usage!.InputTokenCount);
        Assert.Equal("scripted", all[0].ModelId);
    }

    [Fact]
    public async Task Generate_Dimensions_TruncatesAndScalesAgain()
    {
        using LlamaEmbeddingGenerator generator = _engine.CreateEmbeddingGenerator();
        Embedding<float> whole = (await generator.GenerateAsync(["abc"]))[0];

        Embedding<float> cut = (await generator.GenerateAsync(["abc"], new() { Dimensions = 3 }))[0];

        float norm = TensorPrimitives.Norm(whole.Vector.Span[..3]);
        Assert.Equal([.. whole.Vector.ToArray()[..3].Select(value => value / norm)], cut.Vector.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public async Task Generate_WithoutNormalization_IsThePooledState()
    {
        using LlamaEmbeddingGenerator generator = _engine.CreateEmbeddingGenerator(new() { Normalize = false, Pooling = EmbeddingPooling.Last });

        Assert.NotEqual(1, TensorPrimitives.Norm((await generator.GenerateAsync(["abc"]))[0].Vector.Span), 1e-3f);
    }

    [Fact]
    public async Task Generate_QueryAndDocument_GetTheirPrefixes()
    {
        using LlamaEmbeddingGenerator plain = _engine.CreateEmbeddingGenerator();
        using LlamaEmbeddingGenerator prefixed = _engine.CreateEmbeddingGenerator(new() { QueryPrefix = "q: ", DocumentPrefix = "d: " });
        GeneratedEmbeddings<Embedding<float>> expected = await plain.GenerateAsync(["q: abc", "d: abc"]);

        Embedding<float> query = (await prefixed.GenerateAsync(["abc"], new EmbeddingGenerationOptions().UseInputType(EmbeddingInputType.Query)))[0];
        Embedding<float> document = (await prefixed.GenerateAsync(["abc"]))[0];

        Assert.Equal(expected[0].Vector.ToArray(), query.Vector.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.Equal(expected[1].Vector.ToArray(), document.Vector.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public async Task Generate_TextTooLong_IsRefusedOrCut()
    {
        using LlamaEmbeddingGenerator generator = _engine.CreateEmbeddingGenerator(new() { MaxInputTokens = 5 });

        var error = await Assert.ThrowsAsync<EmbeddingInputException>(() => generator.GenerateAsync(["abc", "abcdefgh"]));
        Embedding<float> cut = (await generator.GenerateAsync(["abcdefgh"], new EmbeddingGenerationOptions().UseTruncation()))[0];

        Assert.Equal("Text 1 has 8 tokens, but the most is 5. Shorten it, raise the context length, or have it cut: UseTruncation().", error.Message);
        Assert.Equal(1, error.Index);
        Assert.Equal((await generator.GenerateAsync(["abcde"]))[0].Vector.ToArray(), cut.Vector.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public async Task Generate_EmptyText_IsRefused()
    {
        using LlamaEmbeddingGenerator generator = _engine.CreateEmbeddingGenerator();

        var error = await Assert.ThrowsAsync<EmbeddingInputException>(() => generator.GenerateAsync(["a", ""]));

        Assert.Equal("Text 1 is empty, so there is nothing to embed. Leave it out.", error.Message);
        Assert.Empty(await generator.GenerateAsync([]));
    }

    [Fact]
    public async Task Generate_ModelWithFirstAndLastToken_PutsThemAround()
    {
        var vocabulary = new Vocabulary(
            [.. Enumerable.Range(0, _model.Vocabulary.Count).Select(t => new VocabularyEntry(_model.Vocabulary.GetBytes(t).ToArray(), _model.Vocabulary.GetAttributes(t)))],
            new SpecialTokens { BeginningOfText = 1, PrependsBeginningOfText = true, EndOfText = 0, AppendsEndOfText = true });
        var model = new ScriptedModel(vocabulary, (_, _) => { });
        using LlamaEngine engine = LlamaEngine.Create(model, new LlamaEngineOptions { ContextLength = 100, Sequences = 2 });
        using LlamaEmbeddingGenerator generator = engine.CreateEmbeddingGenerator(new() { MaxInputTokens = 5, Truncate = true });

        GeneratedEmbeddings<Embedding<float>> whole = await generator.GenerateAsync(["abc"]);
        GeneratedEmbeddings<Embedding<float>> cut = await generator.GenerateAsync(["abcdef"]);

        Assert.Equal(5, whole.Usage!.InputTokenCount);
        Assert.Equal(whole[0].Vector.ToArray(), cut[0].Vector.ToArray());
    }

    [Theory]
    [InlineData(null, EmbeddingPooling.Mean)]
    [InlineData("0", EmbeddingPooling.Mean)]
    [InlineData("1", EmbeddingPooling.Mean)]
    [InlineData("2", EmbeddingPooling.Cls)]
    [InlineData("3", EmbeddingPooling.Last)]
    public void Pooling_OfTheFile_IsTaken(string? stored, EmbeddingPooling expected)
    {
        ScriptedModel model = WithMetadata("scripted.pooling_type", stored);

        Assert.Equal(expected, PoolingOfModel.Read(model, null));
        Assert.Equal(EmbeddingPooling.Cls, PoolingOfModel.Read(model, EmbeddingPooling.Cls));
    }

    [Fact]
    public void Create_ModelThatCannot_SaysWhy()
    {
        Assert.Equal(
            "scripted.pooling_type of 'scripted' is 4, but embeddings have 0 to 3 (none, mean, cls, last); 4 is a reranker. " +
            "Set LlamaEmbeddingGeneratorOptions.Pooling, or choose another model.",
            Assert.Throws<OptionNotSupportedException>(() => PoolingOfModel.Read(WithMetadata("scripted.pooling_type", "4"), null)).Message);
    }

    [Fact]
    public void Create_WrongOptions_ListsAll()
    {
        var error = Assert.Throws<InvalidOptionsException>(() => _engine.CreateEmbeddingGenerator(new() { Dimensions = 9, MaxInputTokens = 200, Pooling = (EmbeddingPooling)7 }));

        Assert.Equal(
            [
                "Pooling is 7, but must be Mean, Cls or Last. Change the option or leave it unset.",
                "Dimensions is 9, but must be from 1 to 8 with this model. Change the option or leave it unset.",
                "MaxInputTokens is 200, but must be from 1 to 199 with this context. Change the option or leave it unset.",
            ],
            error.Errors);
    }

    [Theory]
    [InlineData("llama.min_p", "0.1", "llama.min_p is set, but embeddings have no such option. Use llama.input_type, llama.truncate or llama.priority, or remove it.")]
    [InlineData("llama.input_type", "\"title\"", "llama.input_type is \"title\", but must be \"document\" or \"query\". Change the option or leave it unset.")]
    [InlineData("llama.truncate", "1", "llama.truncate is 1, but must be true or false. Change the option or leave it unset.")]
    public async Task Generate_MalformedKey_SaysWhatItMayBe(string key, string json, string message)
    {
        using LlamaEmbeddingGenerator generator = _engine.CreateEmbeddingGenerator();

        var error = await Assert.ThrowsAsync<OptionNotSupportedException>(
            () => generator.GenerateAsync(["a"], new() { AdditionalProperties = new() { [key] = JsonElement.Parse(json), ["other.key"] = 1 } }));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task Generate_MoreTextsThanTheQueueHolds_WaitsForItsOwn()
    {
        using LlamaEngine engine = LlamaEngine.Create(_model, new LlamaEngineOptions { ContextLength = 200, Sequences = 4, QueueLimit = 2 });
        using LlamaEmbeddingGenerator generator = engine.CreateEmbeddingGenerator();

        Assert.Equal(30, (await generator.GenerateAsync(Enumerable.Repeat("abcdefghij", 30))).Count);
    }

    [Fact]
    public async Task Generate_Cancelled_FreesTheEngine()
    {
        using var cancellation = new CancellationTokenSource();
        using LlamaEmbeddingGenerator generator = _engine.CreateEmbeddingGenerator();
        int evaluated = 0;
        _model.Faults.BeforeToken = _ =>
        {
            if (Interlocked.Increment(ref evaluated) == 100)
            {
                cancellation.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(Enumerable.Repeat(new string('a', 150), 20), cancellationToken: cancellation.Token));

        _model.Faults.BeforeToken = null;
        Assert.Single(await generator.GenerateAsync(["a"]));
        Assert.Equal(0, _engine.GetSnapshot().WaitingRequests);
    }

    [Fact]
    public void GetService_KnownTypes_AreFound()
    {
        using LlamaEmbeddingGenerator generator = _engine.CreateEmbeddingGenerator(new() { Dimensions = 4 });
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;

        Assert.Equal(("llama.cpp", null, "scripted", 4), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(_engine, generator.GetService<LlamaEngine>());
        Assert.Same(generator, generator.GetService<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.Null(generator.GetService(typeof(LlamaEngine), "key"));
    }

    private ScriptedModel WithMetadata(string key, string? value) => new(_model.Vocabulary, _model.Logits)
    {
        Metadata = value is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [key] = value },
    };

    private float[] Expected(string text, EmbeddingPooling pooling)
    {
        using IModelContext context = _model.CreateContext(new ContextOptions { Sequences = 1, BatchTokens = 64, Outputs = 64 });
        var batch = new ModelBatch { HiddenStates = true };
        int position = 0;
        foreach (int token in _model.Tokenizer.EncodeText(text))
        {
            batch.AddOutput(token, position++, 0);
        }

        context.Evaluate(batch);
        float[] pooled = new float[_model.Description.HiddenSize];
        for (int i = pooling == EmbeddingPooling.Last ? position - 1 : 0; i < (pooling == EmbeddingPooling.Cls ? 1 : position); i++)
        {
            TensorPrimitives.Add(pooled, context.GetHiddenState(i), pooled);
        }

        TensorPrimitives.Divide(pooled, TensorPrimitives.Norm<float>(pooled), pooled);
        return pooled;
    }
}
