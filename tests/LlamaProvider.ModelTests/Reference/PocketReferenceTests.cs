using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies.Likelihood;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.Embeddings;
using LlamaProvider.Native;
using LlamaProvider.TestSupport;
using LlamaProvider.TestSupport.Sampling;

namespace LlamaProvider.ModelTests.Reference;

/// <summary>Tokens, logits, hidden states and greedy answers against a plain torch implementation of the same model.</summary>
[Trait("Category", "Reference")]
public sealed class PocketReferenceTests
{
    private const string File = "search-pocket.jsonl.gz";
    private const string Model = "pocket-chat.F32.gguf";

    [Fact]
    public void Prompts_EveryRow_HaveTheReferencesTokensLogitsAndHiddenStates()
    {
        JsonElement[] rows = Rows("prompt");
        using LlamaCppModel model = LoadModel();
        using IModelContext context = model.CreateContext(ExactOptions.Context);
        foreach (JsonElement row in rows)
        {
            int[] tokens = Ints(row.GetProperty("tokens"));
            Assert.Equal(tokens, model.Tokenizer.EncodeMarkup(row.GetProperty("text").GetString()!));
            CheckRow(context, row, tokens);
            context.Drop(0);
        }
    }

    [Fact]
    public async Task Embeddings_OfAllRowsAtOnce_AreTheReferencesVectors()
    {
        JsonElement[] rows = Rows("prompt");
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(ExactOptions.Engine(TestFiles.RequireModel("pocket", Model), contextLength: 2048));
        using LlamaEmbeddingGenerator generator = engine.CreateEmbeddingGenerator();

        var vectors = await generator.GenerateAsync(
            [.. rows.Select(row => Ints(row.GetProperty("tokens")))], new EmbeddingSettings(engine.Model.Description.HiddenSize, "", false, 0), CancellationToken.None);

        for (int i = 0; i < rows.Length; i++)
        {
            AssertClose(Floats(rows[i].GetProperty("mean_pooled_normalized")), vectors[i].Vector.Span, 1e-4f);
        }
    }

    [Fact]
    public void Losses_OfAllRowsAtOnce_AddUpToTheReferencesProbabilities()
    {
        JsonElement[] rows = Rows("prompt");
        using LlamaCppModel model = LoadModel();
        using IModelContext context = model.CreateContext(ExactOptions.Context with { Sequences = 4, Outputs = 32 });
        var loop = new EngineLoop(context, new DecodeFirstPolicy(), new EngineMetrics("test", TimeProvider.System), new PromptPace(TimeSpan.MaxValue), afterStep: EngineInvariants.Check);
        LikelihoodStrategy[] strategies = [.. rows.Select(row => new LikelihoodStrategy(Ints(row.GetProperty("tokens")), 1, model.Vocabulary.Count, context.Limits))];
        foreach (LikelihoodStrategy strategy in strategies)
        {
            loop.Enqueue(new GenerationRequest(strategy, null, () => { }, () => { }, reader => reader()));
        }

        while (!loop.IsEmpty)
        {
            loop.Step();
        }

        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(rows[i].GetProperty("prompt_log_probability").GetDouble(), -TensorPrimitives.Sum(strategies[i].Losses), 0.01);
        }
    }

    [Fact]
    public void Greedy_EveryRow_GivesTheReferencesTokensUpToANearTie()
    {
        Dictionary<int, int[]> prompts = Rows("prompt").ToDictionary(row => row.GetProperty("id").GetInt32(), row => Ints(row.GetProperty("tokens")));
        JsonElement[] rows = [.. Rows("search").Where(row => row.GetProperty("strategy").GetString() == "greedy")];
        Assert.NotEmpty(rows);
        using LlamaCppModel model = LoadModel();
        using IModelContext context = model.CreateContext(ExactOptions.Context);
        foreach (JsonElement row in rows)
        {
            int[] expected = Ints(row.GetProperty("result").GetProperty("tokens"));
            double[] margins = [.. row.GetProperty("result").GetProperty("margins").EnumerateArray().Select(value => value.GetDouble())];
            int settled = margins.TakeWhile(margin => margin >= 0.01).Count();
            int[] end = Ints(row.GetProperty("params").GetProperty("eos"));

            List<int> actual = Generate(context, model, prompts[row.GetProperty("prompt").GetInt32()], row.GetProperty("params").GetProperty("max_new_tokens").GetInt32());

            int[] answer = [.. expected.Take(settled).TakeWhile(token => !end.Contains(token))];
            Assert.Equal(answer, actual.Take(answer.Length));
            Assert.True(settled < expected.Length || actual.Count == answer.Length, "The answer goes on beyond the reference's end.");
        }
    }

    private static List<int> Generate(IModelContext context, LlamaCppModel model, int[] prompt, int maxTokens)
    {
        var loop = new EngineLoop(context, new DecodeFirstPolicy(), new EngineMetrics("test", TimeProvider.System), new PromptPace(TimeSpan.MaxValue), afterStep: EngineInvariants.Check);
        var request = new GenerationRequest(
            new SamplingStrategy(model.Vocabulary, TestSamplers.Greedy(model.Vocabulary, prompt), new StopSequences([]), maxTokens), null, () => { }, () => { }, reader => reader());
        loop.Enqueue(request);
        while (!loop.IsEmpty)
        {
            loop.Step();
        }

        var tokens = new List<int>();
        request.Output.Read(ref tokens);
        return tokens;
    }

    private static void CheckRow(IModelContext context, JsonElement row, int[] tokens)
    {
        var batch = new ModelBatch { HiddenStates = true };
        for (int i = 0; i < tokens.Length; i++)
        {
            batch.AddOutput(tokens[i], i, 0);
        }

        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
        ReadOnlySpan<float> last = context.GetLogits(tokens.Length - 1);
        int[] top = Ints(row.GetProperty("top"));
        float[] logits = Floats(row.GetProperty("logits_of_top"));
        for (int i = 0; i < top.Length; i++)
        {
            Assert.Equal(logits[i], last[top[i]], 2e-3f);
        }

        Assert.Equal(row.GetProperty("log_sum_exp").GetDouble(), LogSumExp(last), 2e-3);
        AssertClose(Floats(row.GetProperty("last_hidden")), context.GetHiddenState(tokens.Length - 1), 2e-3f);
        CheckPooledAndProbability(context, row, tokens);
    }

    private static void CheckPooledAndProbability(IModelContext context, JsonElement row, int[] tokens)
    {
        double probability = 0;
        float[] pooled = new float[context.GetHiddenState(0).Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            TensorPrimitives.Add(pooled, context.GetHiddenState(i), pooled);
            if (i + 1 < tokens.Length)
            {
                ReadOnlySpan<float> logits = context.GetLogits(i);
                probability += logits[tokens[i + 1]] - LogSumExp(logits);
            }
        }

        TensorPrimitives.Divide(pooled, TensorPrimitives.Norm<float>(pooled), pooled);
        AssertClose(Floats(row.GetProperty("mean_pooled_normalized")), pooled, 1e-4f);
        Assert.Equal(row.GetProperty("prompt_log_probability").GetDouble(), probability, 0.01);
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }

    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        double max = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - max);
        }

        return max + Math.Log(sum);
    }

    private static LlamaCppModel LoadModel() =>
        LlamaCppModel.Load(TestFiles.RequireModel("pocket", Model), new LlamaCppModelOptions(), null, CancellationToken.None);

    private static JsonElement[] Rows(string kind)
    {
        JsonElement[] rows = [.. TestFiles.ReadReferenceRows(File).Where(row => row.GetProperty("kind").GetString() == kind)];
        Assert.NotEmpty(rows);
        return rows;
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];

    private static float[] Floats(JsonElement text) => MemoryMarshal.Cast<byte, float>(text.GetBytesFromBase64()).ToArray();
}
