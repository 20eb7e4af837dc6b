using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Handles;

namespace LlamaProvider.ModelTests.Native;

/// <summary>Threads of llama.cpp's CPU back end that last as long as a context.</summary>
public sealed class ThreadPoolTests(PocketModel pocket) : IClassFixture<PocketModel>
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Create_SeveralThreads_StartsThem(int threads, bool expected)
    {
        Assert.NotNull(pocket.Model);
        using ThreadPoolHandle? pool = ThreadPoolHandle.Create(threads);

        Assert.Equal(expected, pool is not null);
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void Evaluate_OnSeveralThreads_GivesTheSame(int threads, int? promptThreads)
    {
        float[][] alone = Rows(1, null);
        for (int i = 0; i < 3; i++)
        {
            float[][] rows = Rows(threads, promptThreads);
            Assert.All(alone.Zip(rows), pair => Assert.All(pair.First.Zip(pair.Second), logits => Assert.Equal(logits.First, logits.Second, 2e-3f)));
        }
    }

    private float[][] Rows(int threads, int? promptThreads)
    {
        using IModelContext context = pocket.Model.CreateContext(new ContextOptions
        {
            ContextLength = 128, Sequences = 2, BatchTokens = 64, Threads = threads, PromptThreads = promptThreads, FlashAttention = FlashAttention.Off,
            KeyType = KvCacheType.F32, ValueType = KvCacheType.F32,
        });
        var rows = new List<float[]>();
        var batch = new ModelBatch();
        int position = 0;
        foreach (int count in (int[])[40, 1, 1, 1])
        {
            batch.Clear();
            for (int i = 0; i < count - 1; i++)
            {
                batch.Add(300 + position, position++, 0);
            }

            batch.AddOutput(300 + position, position++, 0);
            Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
            rows.Add(context.GetLogits(0).ToArray());
        }

        return [.. rows];
    }
}
