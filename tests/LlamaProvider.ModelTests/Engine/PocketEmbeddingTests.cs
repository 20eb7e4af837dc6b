using System.Numerics.Tensors;
using LlamaProvider.Chat;
using LlamaProvider.Embeddings;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Engine;

public sealed class PocketEmbeddingTests(PocketEngine pocket) : IClassFixture<PocketEngine>
{
    [Fact]
    public async Task Generate_AtOnce_EqualsOneByOne()
    {
        using LlamaEmbeddingGenerator generator = pocket.Engine.CreateEmbeddingGenerator();
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => string.Join(' ', Enumerable.Repeat($"The capital of country {i} is a city.", 1 + (i % 7))))];

        GeneratedEmbeddings<Embedding<float>> all = await generator.GenerateAsync(texts);

        for (int i = 0; i < texts.Length; i++)
        {
            Embedding<float> alone = (await generator.GenerateAsync([texts[i]]))[0];
            Assert.Equal(1f, TensorPrimitives.Dot(all[i].Vector.Span, alone.Vector.Span), 1e-3f);
        }

        Assert.True(TensorPrimitives.Dot(all[0].Vector.Span, all[6].Vector.Span) < 0.999f, "Different texts have the same vector.");
    }

    [Fact]
    public async Task Generate_BesideAChat_LeavesItsAnswerAlone()
    {
        using LlamaChatClient client = pocket.Engine.CreateChatClient();
        using LlamaEmbeddingGenerator generator = pocket.Engine.CreateEmbeddingGenerator();
        Task<GeneratedEmbeddings<Embedding<float>>> vectors = generator.GenerateAsync(Enumerable.Range(0, 60).Select(i => $"Once upon a time there were {i} lighthouses at the sea."));

        ChatResponse answer = await client.GetResponseAsync("What is the capital of France?", new ChatOptions { Temperature = 0 });

        Assert.Equal("The capital of France is Paris.", answer.Text);
        Assert.Equal(60, (await vectors).Count);
    }

    [Fact]
    public async Task Generate_WiderSteps_GiveTheSameVectors()
    {
        await using LlamaEngine wide = await LlamaEngine.LoadAsync(new() { ModelPath = TestFiles.PocketChat, Threads = 1, HiddenStateTokens = 512 });
        string[] texts = ["Tell me a story about a girl named Grace, who lives at the sea and likes to read books about ships and storms.", "Paris"];
        using LlamaEmbeddingGenerator generator = pocket.Engine.CreateEmbeddingGenerator();
        using LlamaEmbeddingGenerator wider = wide.CreateEmbeddingGenerator();

        GeneratedEmbeddings<Embedding<float>> expected = await generator.GenerateAsync(texts);
        GeneratedEmbeddings<Embedding<float>> actual = await wider.GenerateAsync(texts);

        Assert.All(texts.Index(), text => Assert.Equal(1f, TensorPrimitives.Dot(expected[text.Index].Vector.Span, actual[text.Index].Vector.Span), 1e-3f));
    }
}
