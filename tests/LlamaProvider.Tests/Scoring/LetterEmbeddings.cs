using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Scoring;

/// <summary>Embeds a text as how often it has each letter.</summary>
internal sealed class LetterEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
{
    private int _calls;

    public int Calls => _calls;

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text =>
            new Embedding<float>(Enumerable.Range('a', 26).Select(letter => (float)text.Count(sign => sign == letter)).ToArray()))));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
