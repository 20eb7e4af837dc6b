using System.Numerics.Tensors;
using LlamaProvider.Decoding.Strategies.Guidance;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Guidance;

/// <summary>Compares the answer with each continuation to example texts by their embeddings.</summary>
/// <remarks>
/// With s = sharpness, c⁺ and c⁻ the largest cosines with an example and a counterexample: ln p = ln σ(s · (c⁺ − c⁻)); without counterexamples ln p = s · (c⁺ − 1). A text that is empty or
/// blank has no embedding; its cosines count as 0.
/// </remarks>
internal sealed class ExampleGuide(IEmbeddingGenerator<string, Embedding<float>> generator, string[] examples, string[] counterexamples, double sharpness) : ITokenGuide
{
    private readonly Lock _gate = new();
    private Task<ReadOnlyMemory<float>[]>? _vectors;

    public async ValueTask GuideAsync(TokenGuideRequest request, Memory<float> logProbabilities, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<float>[] vectors = await VectorsAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        string[] texts = [.. request.Continuations.Select(request.TextWith)];
        string[] distinct = [.. texts.Where(static text => !string.IsNullOrWhiteSpace(text)).Distinct(StringComparer.Ordinal)];
        var embedded = new Dictionary<string, ReadOnlyMemory<float>>(StringComparer.Ordinal);
        if (distinct.Length > 0)
        {
            GeneratedEmbeddings<Embedding<float>> found = await generator.GenerateAsync(distinct, cancellationToken: cancellationToken).ConfigureAwait(false);
            for (int index = 0; index < distinct.Length; index++)
            {
                embedded.Add(distinct[index], found[index].Vector);
            }
        }

        for (int index = 0; index < texts.Length; index++)
        {
            logProbabilities.Span[index] = (float)LogProbability(embedded.GetValueOrDefault(texts[index]).Span, vectors);
        }
    }

    private double LogProbability(ReadOnlySpan<float> text, ReadOnlyMemory<float>[] vectors)
    {
        double wanted = LargestCosine(text, vectors.AsSpan(0, examples.Length));
        return counterexamples.Length == 0
            ? sharpness * (wanted - 1)
            : -double.LogP1(Math.Exp(sharpness * (LargestCosine(text, vectors.AsSpan(examples.Length)) - wanted)));
    }

    private static double LargestCosine(ReadOnlySpan<float> text, ReadOnlySpan<ReadOnlyMemory<float>> vectors)
    {
        double largest = text.IsEmpty ? 0 : -1;
        foreach (ReadOnlyMemory<float> vector in vectors)
        {
            largest = text.IsEmpty ? 0 : Math.Max(largest, TensorPrimitives.CosineSimilarity(text, vector.Span));
        }

        return largest;
    }

    /// <summary>Embedded once for all requests; again when that failed.</summary>
    private Task<ReadOnlyMemory<float>[]> VectorsAsync()
    {
        lock (_gate)
        {
            return _vectors = _vectors is null or { IsFaulted: true } or { IsCanceled: true } ? EmbedAsync() : _vectors;
        }
    }

    private async Task<ReadOnlyMemory<float>[]> EmbedAsync()
    {
        GeneratedEmbeddings<Embedding<float>> found = await generator.GenerateAsync([.. examples, .. counterexamples]).ConfigureAwait(false);
        return [.. found.Select(static embedding => embedding.Vector)];
    }
}
