using System.Numerics.Tensors;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Models.Quantization;
using LlamaProvider.Native;
using LlamaProvider.Perplexity;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Models;

/// <summary>Perplexities against the same computed here from logits, window by window, without an engine.</summary>
public sealed class PerplexityTests(QuantizerFolder folder) : IClassFixture<QuantizerFolder>
{
    private static string Conversations { get; } = File.ReadAllText(TestFiles.PocketConversations);

    [Theory]
    [InlineData(512, null)]
    [InlineData(64, 9)]
    [InlineData(33, 5)]
    public async Task Perplexity_OfFloats_EqualsThatOfTheLogits(int window, int? most)
    {
        var options = new PerplexityOptions { WindowTokens = window, MaxWindows = most, ControlTokens = true };
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(
            ExactOptions.Engine(folder.Chat));

        PerplexityResult result = await engine.PerplexityAsync(Conversations, options);

        AssertEqual(Measure(folder.Chat, Conversations, options), result, 1e-4);
        Assert.InRange(result.Perplexity, 1.2, 6);
    }

    [Fact]
    public async Task Perplexity_OfSmolLM2_EqualsThatOfTheLogits()
    {
        string model = TestFiles.RequireModel("smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf");
        string text = await File.ReadAllTextAsync(TestFiles.RequireModel("smollm2", "LICENSE.txt"));
        var options = new PerplexityOptions { WindowTokens = 128, MaxWindows = 4 };
        // Weights of four bits are multiplied with rounded activations, which depend on the batch's shape; with one window at a time that does not hang on the clock.
        LlamaEngineOptions engineOptions = ExactOptions.Engine(model, contextLength: 1024);
        engineOptions.Sequences = 1;
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(engineOptions);

        PerplexityResult result = await engine.PerplexityAsync(text, options);

        AssertEqual(Measure(model, text, options), result, 1e-4);
        Assert.InRange(result.Perplexity, 1.5, 30);
    }

    [Fact]
    public async Task Perplexity_FewerBits_IsHigher()
    {
        string coarse = folder.File("chat.Q1_0.gguf");
        await LlamaQuantizer.QuantizeAsync(folder.Chat, coarse, "Q1_0", new() { Threads = 1 });

        double floats = await MeasureAsync(folder.Chat);
        double eight = await MeasureAsync(TestFiles.PocketChat);
        double one = await MeasureAsync(coarse);

        Assert.Equal(1, eight / floats, 0.01);
        Assert.InRange(one / floats, 2, 20);
    }

    private static async Task<double> MeasureAsync(string model)
    {
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = model, Threads = 1 });
        return (await engine.PerplexityAsync(Conversations, new() { WindowTokens = 256, MaxWindows = 8, ControlTokens = true })).Perplexity;
    }

    private static void AssertEqual((List<List<double>> Losses, int Tokens) expected, PerplexityResult actual, double tolerance)
    {
        double[] all = [.. expected.Losses.SelectMany(losses => losses)];
        double perplexity = Math.Exp(all.Average());
        double deviation = Math.Sqrt(all.Sum(loss => Math.Pow(loss - all.Average(), 2)) / all.Length);
        Assert.Equal((expected.Tokens, all.Length, expected.Losses.Count), (actual.TextTokens, actual.ScoredTokens, actual.Windows.Count));
        Assert.Equal(1, actual.Perplexity / perplexity, tolerance);
        Assert.Equal(1, actual.Uncertainty / (perplexity * deviation / Math.Sqrt(all.Length - 1)), 5 * tolerance);
        Assert.Equal(Math.Log(actual.Perplexity), actual.MeanLoss, 1e-9);
        Assert.All(expected.Losses.Index(), window =>
        {
            Assert.Equal((window.Index, window.Item.Count), (actual.Windows[window.Index].Index, actual.Windows[window.Index].ScoredTokens));
            Assert.Equal(1, actual.Windows[window.Index].Perplexity / Math.Exp(window.Item.Average()), tolerance);
        });
    }

    /// <summary>llama.cpp's method: windows of n tokens, each with the beginning-of-text token first; of positions n/2 to n − 2 the next token is scored.</summary>
    private static (List<List<double>> Losses, int Tokens) Measure(string path, string text, PerplexityOptions options)
    {
        using LlamaCppModel model = LlamaCppModel.Load(path, new LlamaCppModelOptions(), null, CancellationToken.None);
        using IModelContext context = model.CreateContext(ExactOptions.Context with { ContextLength = 512 });
        int length = options.WindowTokens;
        List<int> tokens = options.ControlTokens ? model.Tokenizer.EncodeMarkup(text) : model.Tokenizer.EncodeText(text);
        bool begins = model.Vocabulary.Special.PrependsBeginningOfText;
        if (begins)
        {
            tokens.Insert(0, model.Vocabulary.Special.BeginningOfText!.Value);
        }

        var losses = new List<List<double>>();
        for (int window = 0; window < Math.Min(options.MaxWindows ?? int.MaxValue, tokens.Count / length); window++)
        {
            int[] part = [.. tokens.Skip(window * length).Take(length)];
            part[0] = begins ? model.Vocabulary.Special.BeginningOfText!.Value : part[0];
            losses.Add(Losses(context, part));
        }

        return (losses, tokens.Count);
    }

    private static List<double> Losses(IModelContext context, int[] tokens)
    {
        var batch = new ModelBatch();
        for (int i = 0; i < tokens.Length; i++)
        {
            batch.AddOutput(tokens[i], i, 0);
        }

        context.Drop(0);
        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
        var losses = new List<double>();
        for (int i = tokens.Length / 2; i < tokens.Length - 1; i++)
        {
            ReadOnlySpan<float> logits = context.GetLogits(i);
            double largest = TensorPrimitives.Max(logits);
            double sum = 0;
            foreach (float logit in logits)
            {
                sum += Math.Exp(logit - largest);
            }

            losses.Add(largest + Math.Log(sum) - logits[tokens[i + 1]]);
        }

        return losses;
    }
}
