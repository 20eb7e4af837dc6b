using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies.Ranking;
using LlamaProvider.Options;

namespace LlamaProvider.Reranking;

/// <summary>Scores documents by how relevant they are to a query, with the rank head of the model of a <see cref="LlamaEngine"/>.</summary>
/// <remarks>
/// The model reads each document together with the query, which is slower than comparing embeddings and better: rerank the best hits of a search. All members are safe for
/// concurrent use; the documents of a call, those of other calls and whatever else runs on the engine share its batches. A call holds at most as many places of the engine's queue
/// as the engine has sequences. Disposing the reranker leaves the engine running.
/// </remarks>
public sealed class LlamaReranker : IDisposable
{
    private readonly LlamaEngine _engine;
    private readonly LlamaRerankerOptions _options;
    private readonly IPairTokenizer _tokenizer;
    private volatile bool _disposed;

    internal LlamaReranker(LlamaEngine engine, LlamaRerankerOptions options)
    {
        if (!engine.Capabilities.HasRankHead)
        {
            throw new OptionNotSupportedException(
                nameof(ModelCapabilities.HasRankHead),
                $"'{engine.Model.Description.Name}' has no rank head, by which documents are scored (a tensor cls.weight or cls.output.weight, and pooling_type 4 or none). " +
                "Choose a reranker, such as bge-reranker-v2-m3 or Qwen3-Reranker.");
        }

        options.Validate(engine.LongestText);
        _engine = engine;
        _options = options.Copy();
        _tokenizer = PairTokenizer.Create(engine.Model, options.MaxInputTokens ?? engine.LongestText);
    }

    /// <summary>Orders documents by how relevant they are to a query.</summary>
    /// <param name="query">What is searched for.</param>
    /// <param name="documents">What is searched. None gives an empty result.</param>
    /// <param name="options">What the call wants; the reranker's own options when <see langword="null"/>. Read during the call only.</param>
    /// <param name="cancellationToken">Ends the call within one step of the engine.</param>
    /// <returns>The documents, the best first, and the tokens that they took.</returns>
    /// <exception cref="RerankInputException">The query is empty, or a text is too long; nothing was evaluated.</exception>
    /// <exception cref="QueueFullException">The engine holds as many requests as it may, and none of them is of this call.</exception>
    /// <exception cref="EvaluationFailedException">The back end failed, or gave no finite score.</exception>
    public async Task<RerankResult> RerankAsync(string query, IEnumerable<string> documents, RerankOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(documents);
        if (options?.TopN < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.TopN, $"{nameof(RerankOptions.TopN)} must be 1 or more; leave it unset for all documents.");
        }

        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        string[] texts = [.. documents];
        int[][] pairs = Encode(query, texts, options?.Truncate ?? _options.Truncate);
        bool whole = _engine.Capabilities.EvaluatesWholeTexts;
        var batch = new TextBatch<RankingStrategy>(_engine, pair => new RankingStrategy(pair, whole), "scores were", options?.Priority ?? 0, cancellationToken);
        await batch.RunAsync(pairs).ConfigureAwait(false);

        bool normalize = options?.Normalize ?? _options.Normalize;
        IEnumerable<RankedDocument> ranked = batch.Results
            .Select((strategy, index) => new RankedDocument(index, ToScore(strategy.Relevance, normalize), texts[index]))
            .OrderByDescending(document => document.Score)
            .Take(options?.TopN ?? texts.Length);
        return new RerankResult([.. ranked], batch.Usage, _engine.Model.Description.Name);
    }

    /// <summary>Ends the reranker, not the engine; running calls go on.</summary>
    public void Dispose() => _disposed = true;

    private int[][] Encode(string query, string[] documents, bool truncate)
    {
        if (string.IsNullOrWhiteSpace(query))
        {
            throw new RerankInputException(null, "The query is empty, so no document can be relevant to it. Say what is searched for.");
        }

        return [.. documents.Select((document, index) => _tokenizer.Encode(
            query, document ?? throw new ArgumentException($"Document {index} is null; leave it out.", nameof(documents)), index, truncate))];
    }

    private static float ToScore(float relevance, bool normalize) =>
        !float.IsFinite(relevance) ? throw new EvaluationFailedException("The rank head gave a score that is no finite number. Check the model file.", null)
        : normalize ? 1 / (1 + MathF.Exp(-relevance))
        : relevance;
}
