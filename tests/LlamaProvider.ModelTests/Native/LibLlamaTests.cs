using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.ModelTests.Native;

/// <summary>Calls that later work stands on and nothing above the binding makes yet: their signatures and layouts are right.</summary>
public sealed unsafe class LibLlamaTests(PocketModel pocket) : IClassFixture<PocketModel>
{
    [Fact]
    public void Performance_AfterAPromptAndTwoTokens_CountsThem()
    {
        using ContextHandle context = Create(embeddings: false);
        LibLlama.PerformanceReset(context);
        Decode(context, 5, 6, 7, 8);
        Decode(context, 9);
        Decode(context, 10);
        LibLlama.GetLogits(context, -1);

        LlamaPerformanceData performance = LibLlama.Performance(context);

        Assert.Equal((4, 2), (performance.PromptTokens, performance.DecodeTokens));
        Assert.True(performance.PromptMilliseconds > 0 && performance.DecodeMilliseconds > 0);
        Assert.InRange(performance.ReusedGraphs, 0, 2);
    }

    [Fact]
    public void SetThreadsAndAdapters_DuringUse_AreAccepted()
    {
        using ContextHandle context = Create(embeddings: false);
        Decode(context, 5);
        LibLlama.SetThreads(context, 1, 1);
        Assert.Equal(0, LibLlama.SetAdapters(context, null, 0, null));

        Decode(context, 6);

        Assert.Equal(1, LibLlama.MemoryLastPosition(LibLlama.GetMemory(context), 0));
    }

    [Fact]
    public void PooledEmbeddings_MeanOfASequence_IsThere()
    {
        using ContextHandle context = Create(embeddings: true);
        Decode(context, 5, 6, 7);

        float* embedding = LibLlama.GetPooledEmbeddings(context, 0);

        Assert.True(embedding is not null);
        Assert.Contains(new ReadOnlySpan<float>(embedding, 256).ToArray(), value => value != 0);
    }

    [Fact]
    public void Vocabulary_InfillScoreAndSuppressed_AnswerWithoutFailing()
    {
        nint vocabulary = LibLlama.ModelGetVocabulary(pocket.Model.Handle);

        Assert.Equal(-1, LibLlama.VocabularyInfillPrefix(vocabulary));
        Assert.Equal(-1, LibLlama.VocabularyInfillSuffix(vocabulary));
        Assert.Equal(-1, LibLlama.VocabularyInfillMiddle(vocabulary));
        Assert.True(float.IsFinite(LibLlama.VocabularyScore(vocabulary, 5)));
        LibLlama.VocabularySuppressedTokens(vocabulary, out int suppressed);
        Assert.Equal(0, suppressed);
    }

    private ContextHandle Create(bool embeddings)
    {
        LlamaContextParams parameters = LibLlama.ContextDefaultParams();
        parameters.ContextLength = 256;
        parameters.Threads = 1;
        parameters.ThreadsBatch = 1;
        parameters.NoPerformance = 0;
        parameters.Embeddings = embeddings ? (byte)1 : (byte)0;
        parameters.PoolingType = embeddings ? 1 : 0;
        return new ContextHandle(LibLlama.ContextCreate(pocket.Model.Handle, parameters), pocket.Model.Handle);
    }

    private static void Decode(ContextHandle context, params ReadOnlySpan<int> tokens)
    {
        fixed (int* values = tokens)
        {
            Assert.Equal(DecodeResult.Ok, LibLlama.Decode(context, new LlamaBatch { TokenCount = tokens.Length, Tokens = values }));
        }

        // The counters take what was evaluated since the last wait as one piece.
        LibLlama.Synchronize(context);
    }
}
