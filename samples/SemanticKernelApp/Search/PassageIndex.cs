using LlamaProvider.Embeddings;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using SemanticKernelApp.Documents;

namespace SemanticKernelApp.Search;

/// <summary>Finds the passages that a question is about.</summary>
internal sealed class PassageIndex(IEmbeddingGenerator<string, Embedding<float>> embeddings) : IDisposable
{
    private const int MostPassages = 4;

    /// <summary>A passage that is found less well than this share of the best one is about something else.</summary>
    private const double LeastShare = 0.75;

    private readonly PassageCollection _collection = new();

    public async Task AddAsync(IReadOnlyList<Passage> passages, CancellationToken cancellationToken = default)
    {
        EmbeddingGenerationOptions options = new EmbeddingGenerationOptions().UseInputType(EmbeddingInputType.Document).UseTruncation();
        GeneratedEmbeddings<Embedding<float>> vectors = await embeddings.GenerateAsync(passages.Select(static passage => passage.SearchText), options, cancellationToken);
        await _collection.UpsertAsync(passages.Zip(vectors, static (passage, vector) => passage with { Vector = vector.Vector }), cancellationToken);
    }

    /// <summary>The best passages, best first.</summary>
    public async Task<IReadOnlyList<Passage>> SearchAsync(string question, CancellationToken cancellationToken = default)
    {
        EmbeddingGenerationOptions options = new EmbeddingGenerationOptions().UseInputType(EmbeddingInputType.Query).UseTruncation();
        ReadOnlyMemory<float> vector = await embeddings.GenerateVectorAsync(question, options, cancellationToken);
        List<Passage> found = [];
        double least = 0;
        await foreach (VectorSearchResult<Passage> result in _collection.HybridSearchAsync(vector, [question], MostPassages, cancellationToken: cancellationToken))
        {
            least = found.Count == 0 ? LeastShare * result.Score!.Value : least;
            if (result.Score >= least)
            {
                found.Add(result.Record);
            }
        }

        return found;
    }

    public void Dispose() => _collection.Dispose();
}
