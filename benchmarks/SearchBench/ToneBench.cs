using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Guidance;
using LlamaProvider.Native;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Search;

/// <summary>What a token guide shifts: stories of the embedded model that end happily, with a guide and without, and how likely the unguided model finds both.</summary>
internal sealed class ToneBench(BenchmarkOptions options, BenchmarkReport report)
{
    private static readonly string[] Happy = ["very happy", "full of joy"];

    /// <summary>How probable a happy end is after a text: certain once it is written, likely while it is being written, else as usual.</summary>
    public static float Happiness(string text) =>
        IsHappy(text) ? 0.95f : Happy.Any(phrase => EndsInBeginning(text, phrase)) ? 0.9f : 0.3f;

    public async Task RunAsync()
    {
        string path = Path.Combine(BenchmarkOptions.RepositoryRoot, "models", "pocket-chat.Q8_0.gguf");
        using LlamaCppModel model = LlamaCppModel.Load(path, new LlamaCppModelOptions(), null, CancellationToken.None);
        var engineOptions = new LlamaEngineOptions { ContextLength = 4096, Threads = 1 };
        engineOptions.TokenGuides["happy"] = TokenGuides.FromClassifier(Happiness);
        await using LlamaEngine engine = LlamaEngine.Create(model, engineOptions);
        using LlamaChatClient client = engine.CreateChatClient();
        using IModelContext context = model.CreateContext(new ContextOptions { ContextLength = 1024, Sequences = 1, BatchTokens = 1024, Outputs = 1024, Threads = 1 });
        int stories = options.Quick ? 60 : 300;
        (double guided, double guidedFluency) = await MeasureAsync(client, context, stories, static request => request.UseTokenGuide("happy", 2));
        (double plain, double plainFluency) = await MeasureAsync(client, context, stories, static request => request);
        report.Rows.Add(new BenchmarkRow($"stories that end happily, of {stories}, with a token guide", guided, "without", plain, "share", guided / plain, [guided / plain, guided / plain]));
        report.Rows.Add(new BenchmarkRow("mean log-probability of their tokens, unguided model", guidedFluency, "without", plainFluency, "nat", plainFluency / guidedFluency, [plainFluency / guidedFluency, plainFluency / guidedFluency]));
    }

    private static async Task<(double Share, double Fluency)> MeasureAsync(LlamaChatClient client, IModelContext context, int stories, Func<ChatOptions, ChatOptions> guide)
    {
        ChatMessage[] question = [new(ChatRole.User, "Tell me a story.")];
        IReadOnlyList<int> prompt = client.RenderPrompt(question).Tokens;
        ChatResponse[] responses = await Task.WhenAll(Enumerable.Range(0, stories).Select(story => client.GetResponseAsync(
            question, guide(new ChatOptions { Temperature = 1, TopP = 1, Seed = story, MaxOutputTokens = 200 }))));
        double fluency = responses.Average(response => MeanLogProbability(context, prompt, ((LlamaAnswer)response.RawRepresentation!).Tokens));
        return (responses.Count(static response => IsHappy(response.Text)) / (double)stories, fluency);
    }

    private static bool IsHappy(string text) => Happy.Any(phrase => text.Contains(phrase, StringComparison.Ordinal));

    private static bool EndsInBeginning(string text, string phrase) =>
        Enumerable.Range(1, phrase.Length - 1).Any(length => text.EndsWith($" {phrase[..length]}", StringComparison.Ordinal));

    private static double MeanLogProbability(IModelContext context, IReadOnlyList<int> prompt, IReadOnlyList<int> answer)
    {
        var batch = new ModelBatch();
        int[] text = [.. prompt, .. answer];
        for (int index = 0; index < text.Length; index++)
        {
            batch.AddOutput(text[index], index, 0);
        }

        context.Evaluate(batch);
        double sum = 0;
        for (int index = prompt.Count; index < text.Length; index++)
        {
            ReadOnlySpan<float> row = context.GetLogits(index - 1);
            double largest = System.Numerics.Tensors.TensorPrimitives.Max(row);
            double total = 0;
            foreach (float logit in row)
            {
                total += Math.Exp(logit - largest);
            }

            sum += row[text[index]] - largest - Math.Log(total);
        }

        context.Drop(0);
        return sum / answer.Count;
    }
}
