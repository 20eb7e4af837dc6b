using System.Numerics.Tensors;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies.Embedding;
using LlamaProvider.Embeddings;
using LlamaProvider.Native;
using LlamaProvider.Options;
using LlamaProvider.Reranking;
using LlamaProvider.TestSupport;
using LlamaProvider.TestSupport.Models;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Reranking;

/// <summary>Encoders and rank heads through llama.cpp, against what the weights give when computed by hand.</summary>
public sealed class RerankerTests(TinyModels models) : IClassFixture<TinyModels>
{
    private static readonly string[] Documents = ["the capital of rome", "paris", "a b c d e f g", "rome is the capital of the", "?"];

    // llama.cpp's GELU on processors reads a table of half floats.
    private const float Tolerance = 5e-3f;

    [Theory]
    [InlineData(4u)]
    [InlineData(null)]
    public async Task Rerank_Encoder_EqualsTheForwardPassByHand(uint? pooling)
    {
        var encoder = new TinyEncoder(hasHead: true, pooling);
        await using LlamaEngine engine = await LoadAsync(models.Write($"encoder-{pooling}", encoder.Write));
        using LlamaReranker reranker = engine.CreateReranker();

        RerankResult result = await reranker.RerankAsync("what is the capital", Documents);

        ITokenizer tokenizer = engine.Model.Tokenizer;
        List<int> query = tokenizer.EncodeText("what is the capital");
        Assert.All(query, token => Assert.InRange(token, 4, engine.Model.Vocabulary.Count - 1));
        Assert.Equal(Documents.Length, result.Documents.Count);
        foreach (RankedDocument document in result.Documents)
        {
            float expected = encoder.GetRelevance([2, .. query, 3, .. tokenizer.EncodeText(document.Text)]);
            Assert.Equal(expected, document.Score, Tolerance);
        }

        // Anti-vacuity: the scores tell documents apart by far more than the tolerance.
        Assert.True(result.Documents[0].Score - result.Documents[^1].Score > 20 * Tolerance);
        Assert.Equal(result.Documents.OrderByDescending(document => document.Score), result.Documents);
    }

    [Fact]
    public async Task Rerank_ManyDocumentsAtOnce_EqualsEachAlone()
    {
        await using LlamaEngine engine = await LoadAsync(models.EncoderPath);
        using LlamaReranker reranker = engine.CreateReranker();
        string[] documents = [.. Enumerable.Range(0, 60).Select(i => string.Join(' ', Enumerable.Range(0, 1 + (i % 30)).Select(j => (char)('a' + ((i + j) % 26)))))];

        RerankResult[] concurrent = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => reranker.RerankAsync("the capital", documents)));

        foreach (RankedDocument document in concurrent[0].Documents)
        {
            float alone = (await reranker.RerankAsync("the capital", [document.Text])).Documents[0].Score;
            Assert.All(concurrent, result => Assert.Equal(alone, result.Documents.Single(other => other.Index == document.Index).Score, Tolerance));
        }
    }

    [Fact]
    public async Task Rerank_PairLongerThanTrainedFor_IsRefusedOrCut()
    {
        await using LlamaEngine engine = await LoadAsync(models.EncoderPath);
        using LlamaReranker reranker = engine.CreateReranker();
        string longText = string.Join(' ', Enumerable.Repeat("a", 100));

        var error = await Assert.ThrowsAsync<RerankInputException>(() => reranker.RerankAsync("rome", [longText]));
        RerankResult cut = await reranker.RerankAsync("rome", [longText], new RerankOptions { Truncate = true });

        Assert.StartsWith("Document 0 and the query have 103 tokens together, but the most is 48.", error.Message, StringComparison.Ordinal);
        Assert.Equal(TinyEncoder.ContextLength, cut.Usage.InputTokenCount);
    }

    [Fact]
    public async Task Rerank_Decoder_EqualsTheHeadOverTheLastHiddenState()
    {
        await using LlamaEngine engine = await LoadAsync(models.DecoderPath);
        using LlamaReranker reranker = engine.CreateReranker();
        using LlamaCppModel headless = LlamaCppModel.Load(models.HeadlessDecoderPath, new LlamaCppModelOptions(), progress: null, CancellationToken.None);
        Assert.False(headless.Capabilities.HasRankHead);

        RerankResult first = await reranker.RerankAsync("capital?", Documents);
        RerankResult second = await reranker.RerankAsync("capital?", Documents);

        foreach (RankedDocument document in first.Documents)
        {
            string text = TinyDecoderRanker.Template.Replace("{query}", "capital?", StringComparison.Ordinal).Replace("{document}", document.Text, StringComparison.Ordinal);
            float expected = models.Decoder.GetRelevance(LastState(headless, headless.Tokenizer.EncodeMarkup(text)));
            Assert.Equal(expected, document.Score, 2e-3f);
        }

        Assert.True(first.Documents[0].Score - first.Documents[^1].Score > 0.02f);

        // The second time everything but the last token of each pair comes from what the engine has kept.
        Assert.True(second.Usage.CachedInputTokenCount > second.Usage.InputTokenCount / 2);
        Assert.All(first.Documents.Zip(second.Documents), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-3f));
    }

    [Theory]
    [InlineData(EmbeddingPooling.Cls)]
    [InlineData(EmbeddingPooling.Mean)]
    public async Task Embeddings_Encoder_EqualTheForwardPassByHand(EmbeddingPooling pooling)
    {
        await using LlamaEngine engine = await LoadAsync(models.EmbedderPath);
        using LlamaEmbeddingGenerator generator = engine.CreateEmbeddingGenerator(new LlamaEmbeddingGeneratorOptions { Normalize = false, Pooling = pooling });

        GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync(Documents);

        for (int i = 0; i < Documents.Length; i++)
        {
            float[][] states = models.Embedder.GetStates([2, .. engine.Model.Tokenizer.EncodeText(Documents[i]), 3]);
            for (int d = 0; d < TinyEncoder.Width; d++)
            {
                Assert.Equal(pooling == EmbeddingPooling.Cls ? states[0][d] : states.Average(state => state[d]), vectors[i].Vector.Span[d], Tolerance);
            }
        }
    }

    [Fact]
    public async Task Create_ModelThatCannot_SaysSoBeforeAnyWork()
    {
        await using LlamaEngine pocket = await LlamaEngine.LoadAsync(new() { ModelPath = TestFiles.PocketChat, Threads = 1, ContextLength = 256 });
        await using LlamaEngine ranker = await LoadAsync(models.EncoderPath);
        await using LlamaEngine embedder = await LoadAsync(models.EmbedderPath);

        Assert.StartsWith("'Pocket chat' has no rank head", Assert.Throws<OptionNotSupportedException>(() => pocket.CreateReranker()).Message, StringComparison.Ordinal);
        Assert.StartsWith("'tiny-encoder' has no rank head", Assert.Throws<OptionNotSupportedException>(() => embedder.CreateReranker()).Message, StringComparison.Ordinal);
        Assert.StartsWith("'tiny-encoder' gives no hidden states", Assert.Throws<OptionNotSupportedException>(() => ranker.CreateEmbeddingGenerator()).Message, StringComparison.Ordinal);
        Assert.StartsWith("'tiny-encoder' (bert) reads texts whole", Assert.Throws<OptionNotSupportedException>(() => ranker.CreateChatClient()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EncoderContext_Sequences_AreWholeTexts()
    {
        using LlamaCppModel model = LlamaCppModel.Load(models.EncoderPath, new LlamaCppModelOptions(), progress: null, CancellationToken.None);
        using IModelContext context = model.CreateContext(new ContextOptions { ContextLength = 64, Sequences = 2, BatchTokens = 64, Outputs = 64, Threads = 1 });
        var batch = new ModelBatch { Relevance = true };
        batch.Add(2, 0, 0);
        batch.AddOutput(5, 1, 0);
        batch.AddOutput(2, 0, 1);

        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));

        int cells = context.Limits.Cells;
        Assert.Equal((new PositionRange(0, 2), new PositionRange(0, 1), cells - 3), (context.GetPositions(0), context.GetPositions(1), context.FreeCells));
        Assert.Equal(models.Encoder.GetRelevance([2, 5]), context.GetRelevance(0), Tolerance);
        Assert.Equal(models.Encoder.GetRelevance([2]), context.GetRelevance(1), Tolerance);
        Assert.Throws<ModelContextException>(() => context.Trim(0, 1));
        context.Drop(0);
        context.Copy(1, 0, 1);
        Assert.Equal(new PositionRange(0, 1), context.GetPositions(0));
        context.Drop(1);
        Assert.Equal(cells - 1, context.FreeCells);
    }

    [Fact]
    public async Task Documentation_Code_RanksDocuments()
    {
        string modelPath = models.EncoderPath;
        string[] documents = Documents;

        // <rerank>
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = modelPath });
        using LlamaReranker reranker = engine.CreateReranker(new() { Normalize = true, Truncate = true });
        RerankResult best = await reranker.RerankAsync("what is the capital", documents, new() { TopN = 3 });

        foreach (RankedDocument document in best.Documents)
        {
            Console.WriteLine($"{document.Score:0.000} {document.Text}");
        }
        // </rerank>

        DocumentedCode.AssertIn(DocumentedCode.Read("docs", "embeddings.md"), "rerank");
        Assert.Equal(3, best.Documents.Count);
        Assert.All(best.Documents, document => Assert.InRange(document.Score, 0, 1));
    }

    [Fact]
    public async Task Documentation_Code_EmbedsTexts()
    {
        string modelPath = models.EmbedderPath;

        // <embed>
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = modelPath });
        using LlamaEmbeddingGenerator generator = engine.CreateEmbeddingGenerator(new() { QueryPrefix = "query: ", DocumentPrefix = "passage: " });
        GeneratedEmbeddings<Embedding<float>> passages = await generator.GenerateAsync(["rome is the capital", "a b c"]);
        ReadOnlyMemory<float> query = await generator.GenerateVectorAsync("capital?", new EmbeddingGenerationOptions().UseInputType(EmbeddingInputType.Query));
        float[] similarities = [.. passages.Select(passage => TensorPrimitives.Dot(passage.Vector.Span, query.Span))];
        // </embed>

        DocumentedCode.AssertIn(DocumentedCode.Read("docs", "embeddings.md"), "embed");
        Assert.All(similarities, similarity => Assert.InRange(similarity, -1.001f, 1.001f));
    }

    private static Task<LlamaEngine> LoadAsync(string path) => LlamaEngine.LoadAsync(ExactOptions.Engine(path));

    private static float[] LastState(LlamaCppModel model, List<int> tokens)
    {
        using IModelContext context = model.CreateContext(ExactOptions.Context with { ContextLength = null, BatchTokens = 256, Outputs = 256 });
        var batch = new ModelBatch { HiddenStates = true };
        for (int i = 0; i < tokens.Count - 1; i++)
        {
            batch.Add(tokens[i], i, 0);
        }

        batch.AddOutput(tokens[^1], tokens.Count - 1, 0);
        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
        return context.GetHiddenState(0).ToArray();
    }
}
