using System.Numerics.Tensors;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Scoring;

/// <summary>Judges answers by how close they are to the question.</summary>
/// <param name="generator">Makes the embeddings.</param>
internal sealed class EmbeddingScorer(IEmbeddingGenerator<string, Embedding<float>> generator) : IAnswerScorer
{
    public async ValueTask<IReadOnlyList<double>> ScoreAsync(AnswerScoringRequest request, CancellationToken cancellationToken)
    {
        string[] texts = [.. request.Candidates.Select(static candidate => candidate.Text)];
        string[] written = [.. texts.Where(static text => !string.IsNullOrWhiteSpace(text))];
        if (written.Length == 0 || string.IsNullOrWhiteSpace(request.Question))
        {
            return new double[texts.Length];
        }

        GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync([request.Question, .. written], cancellationToken: cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<float> question = vectors[0].Vector;
        var cosines = new Queue<double>(vectors.Skip(1).Select(vector => (double)TensorPrimitives.CosineSimilarity(question.Span, vector.Vector.Span)));
        return [.. texts.Select(text => string.IsNullOrWhiteSpace(text) ? -1 : cosines.Dequeue())];
    }
}
