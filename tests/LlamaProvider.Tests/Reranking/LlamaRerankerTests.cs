using System.Text;
using LlamaProvider.Decoding.Model;
using LlamaProvider.DependencyInjection;
using LlamaProvider.Options;
using LlamaProvider.Reranking;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.DependencyInjection;

namespace LlamaProvider.Tests.Reranking;

public sealed class LlamaRerankerTests : IDisposable
{
    private static readonly string[] Documents = ["Rome", "Paris is a city", "x", "Oslo lies in Norway", ""];

    private readonly ScriptedModel _model = Ranker(new SpecialTokens { EndOfText = 0 });
    private readonly LlamaEngine _engine;

    public LlamaRerankerTests() => _engine = LlamaEngine.Create(_model, new LlamaEngineOptions { ContextLength = 200, Sequences = 4, PrefixCacheSequences = 0, BatchTokens = 32 });

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Rerank_Documents_AreOrderedByTheHeadsScore()
    {
        using LlamaReranker reranker = _engine.CreateReranker();

        RerankResult result = await reranker.RerankAsync("capital", Documents);

        (int Index, float Score)[] expected = [.. Documents.Select((document, index) => (index, Expected($"capital{document}"))).OrderByDescending(pair => pair.Item2)];
        Assert.Equal(expected, result.Documents.Select(document => (document.Index, document.Score)));
        Assert.All(result.Documents, document => Assert.Equal(Documents[document.Index], document.Text));
        Assert.Equal(Documents.Sum(document => 7L + document.Length), result.Usage.InputTokenCount);
        Assert.Equal("scripted", result.ModelId);
    }

    [Fact]
    public async Task Rerank_TopN_ReturnsTheBest()
    {
        using LlamaReranker reranker = _engine.CreateReranker();
        RerankResult all = await reranker.RerankAsync("capital", Documents);

        Assert.Equal(all.Documents.Take(2), (await reranker.RerankAsync("capital", Documents, new RerankOptions { TopN = 2 })).Documents);
        Assert.Equal(5, (await reranker.RerankAsync("capital", Documents, new RerankOptions { TopN = 9 })).Documents.Count);
        Assert.Empty((await reranker.RerankAsync("capital", [])).Documents);
        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => reranker.RerankAsync("capital", Documents, new RerankOptions { TopN = 0 }));
        Assert.StartsWith("TopN must be 1 or more; leave it unset for all documents.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rerank_Normalized_IsTheLogisticFunctionInTheSameOrder()
    {
        using LlamaReranker raw = _engine.CreateReranker();
        using LlamaReranker normalized = _engine.CreateReranker(new LlamaRerankerOptions { Normalize = true });
        RerankResult expected = await raw.RerankAsync("capital", Documents);

        RerankResult actual = await normalized.RerankAsync("capital", Documents);
        RerankResult byRequest = await normalized.RerankAsync("capital", Documents, new RerankOptions { Normalize = false });

        Assert.Equal(expected.Documents.Select(document => (document.Index, 1 / (1 + MathF.Exp(-document.Score)))), actual.Documents.Select(document => (document.Index, document.Score)));
        Assert.Equal(expected.Documents, byRequest.Documents);
    }

    [Fact]
    public async Task Rerank_EqualScores_KeepTheirOrder()
    {
        using LlamaReranker reranker = _engine.CreateReranker();

        Assert.Equal([0, 1, 2], (await reranker.RerankAsync("capital", ["Rome", "Rome", "Rome"])).Documents.Select(document => document.Index));
    }

    [Fact]
    public async Task Rerank_DocumentTooLong_IsRefusedOrCut()
    {
        using LlamaReranker reranker = _engine.CreateReranker(new LlamaRerankerOptions { MaxInputTokens = 10 });

        var error = await Assert.ThrowsAsync<RerankInputException>(() => reranker.RerankAsync("capital", ["abc", "abcdefgh"]));
        RerankResult cut = await reranker.RerankAsync("capital", ["abcdefgh"], new RerankOptions { Truncate = true });
        var query = await Assert.ThrowsAsync<RerankInputException>(() => reranker.RerankAsync("capital of it", ["abc"], new RerankOptions { Truncate = true }));

        const string Remedy = "If the limit is the engine's and not the model's, raise ContextLength, or BatchTokens for an encoder.";
        Assert.Equal(($"Document 1 and the query have 15 tokens together, but the most is 10. Shorten one, or have documents cut: Truncate. {Remedy}", 1), (error.Message, error.Index));
        Assert.Equal(Expected("capitalabc"), cut.Documents[0].Score);
        Assert.Equal("abcdefgh", cut.Documents[0].Text);
        Assert.Equal(
            ($"The query and the model's marks have 13 tokens, but a pair has at most 10, so no document fits beside them. Shorten the query. {Remedy}", null), (query.Message, query.Index));
    }

    [Fact]
    public async Task Rerank_EmptyQueryOrMissingDocument_IsRefused()
    {
        using LlamaReranker reranker = _engine.CreateReranker();

        Assert.Equal(
            "The query is empty, so no document can be relevant to it. Say what is searched for.",
            (await Assert.ThrowsAsync<RerankInputException>(() => reranker.RerankAsync(" ", ["a"]))).Message);
        Assert.StartsWith("Document 1 is null; leave it out.", (await Assert.ThrowsAsync<ArgumentException>(() => reranker.RerankAsync("a", ["a", null!]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ModelWithoutHead_SaysWhatToChoose()
    {
        using LlamaEngine engine = LlamaEngine.Create(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()));

        Assert.Equal(
            "'scripted' has no rank head, by which documents are scored (a tensor cls.weight or cls.output.weight, and pooling_type 4 or none). " +
            "Choose a reranker, such as bge-reranker-v2-m3 or Qwen3-Reranker.",
            Assert.Throws<OptionNotSupportedException>(() => engine.CreateReranker()).Message);
    }

    [Fact]
    public void Create_MaxInputTokensOutOfRange_IsRefused() => Assert.Equal(
        ["MaxInputTokens is 200, but must be from 1 to 199 with this context. Change the option or leave it unset."],
        Assert.Throws<InvalidOptionsException>(() => _engine.CreateReranker(new LlamaRerankerOptions { MaxInputTokens = 200 })).Errors);

    [Fact]
    public async Task Rerank_MoreDocumentsThanTheQueueHolds_WaitsForItsOwn()
    {
        using LlamaEngine engine = LlamaEngine.Create(_model, new LlamaEngineOptions { ContextLength = 200, Sequences = 4, QueueLimit = 2 });
        using LlamaReranker reranker = engine.CreateReranker();

        Assert.Equal(30, (await reranker.RerankAsync("q", Enumerable.Repeat("abcdefghij", 30))).Documents.Count);
    }

    [Fact]
    public async Task Rerank_Disposed_IsRefusedAndTheEngineGoesOn()
    {
        LlamaReranker reranker = _engine.CreateReranker();
        reranker.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => reranker.RerankAsync("a", ["b"]));
        using LlamaReranker other = _engine.CreateReranker();
        Assert.Single((await other.RerankAsync("a", ["b"])).Documents);
    }

    [Fact]
    public void ChatClient_OfAnEncoder_IsRefused()
    {
        ScriptedModel encoder = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes(), new ModelCapabilities { HasHiddenStates = true, EvaluatesWholeTexts = true });
        using LlamaEngine engine = LlamaEngine.Create(encoder);

        Assert.Equal(
            "'scripted' (scripted) reads texts whole and writes none, so it cannot chat. Choose a decoder model; this one is for CreateEmbeddingGenerator or CreateReranker.",
            Assert.Throws<OptionNotSupportedException>(() => engine.CreateChatClient()).Message);
    }

    [Fact]
    public void Services_Reranker_IsOneOnTheRegisteredEngine()
    {
        var services = new ServiceCollection();
        services.AddSingleton(_engine).AddKeyedSingleton("search", _engine);
        services.AddLlamaReranker(options => options.Normalize = true).AddLlamaReranker("search");
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<LlamaReranker>(), provider.GetRequiredService<LlamaReranker>());
        Assert.NotSame(provider.GetRequiredService<LlamaReranker>(), provider.GetRequiredKeyedService<LlamaReranker>("search"));
    }

    internal static ScriptedModel Ranker(SpecialTokens special, string? template = null)
    {
        Vocabulary bytes = ScriptedVocabulary.Bytes();
        var vocabulary = new Vocabulary([.. Enumerable.Range(0, bytes.Count).Select(t => new VocabularyEntry(bytes.GetBytes(t).ToArray(), bytes.GetAttributes(t)))], special);
        return new ScriptedModel(vocabulary, (_, _) => { })
        {
            Capabilities = ModelCapabilities.All with { HasRankHead = true },
            Metadata = template is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [PairTokenizer.TemplateKey] = template },
        };
    }

    private static float Expected(string text) => ScriptedContext.Relevance([.. Encoding.UTF8.GetBytes(text).Select(value => value + 2)]);
}
