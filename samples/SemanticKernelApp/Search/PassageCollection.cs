using System.Linq.Expressions;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using SemanticKernelApp.Documents;

namespace SemanticKernelApp.Search;

/// <summary>Passages in memory, behind the abstraction that every vector store of Semantic Kernel implements, so that a data base can take its place.</summary>
/// <remarks>
/// Searches go through all passages, which takes milliseconds for tens of thousands. A hybrid search adds up two scores, each brought to 0 … 1 over the passages: that of the words counts
/// 0.7 and that of the vectors 0.3, since words find the names and numbers that small embedding models miss. Safe for concurrent use.
/// </remarks>
internal sealed class PassageCollection : VectorStoreCollection<string, Passage>, IKeywordHybridSearchable<Passage>
{
    private const double WeightOfWords = 0.7;

    private readonly Lock _gate = new();
    private Dictionary<string, Passage> _passages = [];

    public override string Name => "passages";

    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) => Task.FromResult(true);

    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) => Change(static passages => passages.Clear());

    public override Task<Passage?> GetAsync(string key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult(_passages.GetValueOrDefault(key));

    public override IAsyncEnumerable<Passage> GetAsync(
        Expression<Func<Passage, bool>> filter, int top, FilteredRecordRetrievalOptions<Passage>? options = null, CancellationToken cancellationToken = default) =>
        _passages.Values.Where(filter.Compile()).Skip(options?.Skip ?? 0).Take(top).ToAsyncEnumerable();

    public override Task DeleteAsync(string key, CancellationToken cancellationToken = default) => Change(passages => passages.Remove(key));

    public override Task UpsertAsync(Passage record, CancellationToken cancellationToken = default) => UpsertAsync([record], cancellationToken);

    public override Task UpsertAsync(IEnumerable<Passage> records, CancellationToken cancellationToken = default) => Change(passages =>
    {
        foreach (Passage record in records)
        {
            passages[record.Key] = record;
        }
    });

    public override IAsyncEnumerable<VectorSearchResult<Passage>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<Passage>? options = null, CancellationToken cancellationToken = default)
    {
        Passage[] passages = Filter(options?.Filter);
        double[] scores = Similarities(passages, ToVector(searchValue));
        return Best(passages, scores, options?.Skip ?? 0, top, cancellationToken);
    }

    public IAsyncEnumerable<VectorSearchResult<Passage>> HybridSearchAsync<TInput>(
        TInput searchValue, ICollection<string> keywords, int top, HybridSearchOptions<Passage>? options = null, CancellationToken cancellationToken = default)
        where TInput : notnull
    {
        Passage[] passages = Filter(options?.Filter);
        double[] vectors = ToUnit(Similarities(passages, ToVector(searchValue)));
        double[] words = ToUnit(WordIndex.Score([.. passages.Select(static passage => passage.SearchText)], keywords));
        double[] scores = [.. words.Zip(vectors, static (word, vector) => (WeightOfWords * word) + ((1 - WeightOfWords) * vector))];
        return Best(passages, scores, options?.Skip ?? 0, top, cancellationToken);
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    private static double[] Similarities(Passage[] passages, ReadOnlyMemory<float> vector) =>
        [.. passages.Select(passage => (double)TensorPrimitives.CosineSimilarity(passage.Vector.Span, vector.Span))];

    /// <summary>The least score becomes 0 and the greatest 1; scores that are all the same say nothing, and become 0.</summary>
    private static double[] ToUnit(double[] scores)
    {
        (double least, double most) = (scores.DefaultIfEmpty().Min(), scores.DefaultIfEmpty().Max());
        return [.. scores.Select(score => most > least ? (score - least) / (most - least) : 0)];
    }

    private static async IAsyncEnumerable<VectorSearchResult<Passage>> Best(
        Passage[] passages, double[] scores, int skip, int top, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (int index in Enumerable.Range(0, passages.Length).OrderByDescending(index => scores[index]).Skip(skip).Take(top))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new VectorSearchResult<Passage>(passages[index], scores[index]);
        }
    }

    private static ReadOnlyMemory<float> ToVector<TInput>(TInput value) => value switch
    {
        ReadOnlyMemory<float> vector => vector,
        float[] vector => vector,
        Embedding<float> embedding => embedding.Vector,
        _ => throw new NotSupportedException($"A search by {typeof(TInput)} is not supported: this collection has no embedding generator. Search by a vector."),
    };

    private Passage[] Filter(Expression<Func<Passage, bool>>? filter) => filter is null ? [.. _passages.Values] : [.. _passages.Values.Where(filter.Compile())];

    /// <summary>Readers go on with the passages of before: a change makes a new dictionary.</summary>
    private Task Change(Action<Dictionary<string, Passage>> change)
    {
        lock (_gate)
        {
            Dictionary<string, Passage> changed = new(_passages);
            change(changed);
            _passages = changed;
        }

        return Task.CompletedTask;
    }
}
