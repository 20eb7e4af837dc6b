using System.Diagnostics;
using LlamaProvider.Benchmarks.Engine;
using LlamaProvider.Benchmarks.Sampling;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>
/// Whole constrained answers: with jump-forward and without, against answers that are not constrained, and against llama.cpp's grammar sampler in the bare batched loop.
/// </summary>
/// <remarks>
/// Answers a second are compared where both sides give the same kind of answer: a text may have more tokens where the model spells it. Tokens a second are compared with answers
/// that are not constrained and cannot end before they have as many tokens as the constrained ones have about.
/// </remarks>
internal sealed class GenerateBench(string path, BenchmarkOptions options, BenchmarkReport report) : IAsyncDisposable
{
    public const string Option = "--generate";

    private const int ContextLength = 4096;
    private const int MaxTokens = 160;
    private const int FreeTokens = 64;
    private static readonly int[] Levels = [1, 8];
    private readonly BenchEngine _engine = new(path, options, ContextLength, prefixCacheSequences: 0);

    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        LibSampler.Connect();
        var report = new BenchmarkReport();
        foreach (string model in options.FindModels())
        {
            await using var bench = new GenerateBench(model, options, report);
            await bench.RunAsync();
        }

        report.Write(Console.Out);
        if (options.Json is not null)
        {
            report.Save(options.Json);
        }

        return 0;
    }

    public async Task RunAsync()
    {
        report.Models[_engine.Name] = $"{_engine.Model.Description.ParameterCount:N0} parameters, {_engine.Model.Description.ByteCount:N0} bytes, {_engine.Threads} threads";
        foreach (int level in Levels)
        {
            await CompareAsync(level);
        }

        foreach ((string name, Func<ChatOptions> constrained) in Constraints)
        {
            await ShareAsync(name, constrained);
        }
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static (string Name, Func<ChatOptions> Options)[] Constraints =>
    [
        ("compact schema", static () => Greedy().UseJsonSchema(GenerateWork.Schema, new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact })),
        ("schema", static () => Greedy().UseJsonSchema(GenerateWork.Schema)),
        ("GBNF", static () => Greedy().UseGrammar(GenerateWork.Gbnf)),
    ];

    private static ChatOptions Greedy() => BenchEngine.Greedy(MaxTokens);

    private async Task CompareAsync(int level)
    {
        string suffix = $"{level} at once, {_engine.Name}";
        Dictionary<int, double> endless = _engine.Model.Vocabulary.EndOfGeneration.ToDictionary(token => token, _ => double.NegativeInfinity);
        Func<Task<int>> free = () => AnswerAsync(
            level, () => new ChatOptions { MaxOutputTokens = FreeTokens }.UseSamplers(samplers => samplers.LogitBias(endless).Greedy()), countTokens: true);
        foreach ((string name, Func<ChatOptions> constrained) in Constraints)
        {
            Func<ChatOptions> plain = () => constrained().UseJumpForward(false);
            await CompareAsync(
                $"{name}, {suffix}", "without jump-forward", "answers/s", () => AnswerAsync(level, constrained, countTokens: false), () => AnswerAsync(level, plain, countTokens: false));
            if (name != "GBNF")
            {
                await CompareAsync($"{name}, {suffix}", "not constrained", "tok/s", () => AnswerAsync(level, constrained, countTokens: true), free);
                await CompareAsync($"{name} without jump-forward, {suffix}", "not constrained", "tok/s", () => AnswerAsync(level, plain, countTokens: true), free);
            }
            else
            {
                await ComparePeerAsync(level, $"{name}, {suffix}", constrained);
                await ComparePeerAsync(level, $"{name} without jump-forward, {suffix}", plain);
            }
        }
    }

    private async Task ComparePeerAsync(int level, string figure, Func<ChatOptions> constrained)
    {
        using var bare = new BareBatchLoop(_engine.Model, ContextLength, BenchEngine.BatchTokens, BenchEngine.Sequences, _engine.Threads);
        await CompareAsync(figure, "llama.cpp grammar, bare loop", "answers/s", () => AnswerAsync(level, constrained, countTokens: false), () => Task.FromResult(AnswerBare(bare, level)));
    }

    private async Task CompareAsync(string figure, string peer, string unit, Func<Task<int>> ours, Func<Task<int>> other)
    {
        long start = Stopwatch.GetTimestamp();
        await ours();
        int repeats = Math.Clamp((int)((options.Quick ? 0.05 : 0.3) / Stopwatch.GetElapsedTime(start).TotalSeconds), 1, 30);
        (double[] oursValues, double[] peerValues) = await Comparison.AlternateAsync(
            options.Rounds, () => Comparison.RateAsync(ours, repeats), () => Comparison.RateAsync(other, repeats));
        report.Rows.Add(Comparison.ToRow(figure, peer, unit, higherIsBetter: true, oursValues, peerValues));
    }

    private async Task<int> AnswerAsync(int level, Func<ChatOptions> constrained, bool countTokens)
    {
        ChatResponse[] responses = await Task.WhenAll(Enumerable.Range(0, level).Select(number => _engine.Client.GetResponseAsync([GenerateWork.Question(number)], constrained())));
        return countTokens ? (int)responses.Sum(response => response.Usage!.OutputTokenCount!.Value) : responses.Length;
    }

    private int AnswerBare(BareBatchLoop bare, int level)
    {
        LlamaCppGrammar[] grammars = [.. Enumerable.Range(0, level).Select(_ => LlamaCppGrammar.TryCreate(_engine.Model, GenerateWork.Gbnf)!)];
        var prompts = new ChatPromptBuilder(_engine.Model, null, TimeProvider.System);
        bare.Generate(
            [.. Enumerable.Range(0, level).Select(number => prompts.Build([GenerateWork.Question(number)], null))], MaxTokens, (sequence, logits) => grammars[sequence].Choose(logits));
        Array.ForEach(grammars, static grammar => grammar.Dispose());
        return level;
    }

    /// <summary>How many tokens were appended without asking the model.</summary>
    private async Task ShareAsync(string name, Func<ChatOptions> constrained)
    {
        using var counter = new ForcedTokenCounter();
        for (int number = 0; number < 8; number++)
        {
            await _engine.Client.GetResponseAsync([GenerateWork.Question(number)], constrained());
        }

        report.Rows.Add(new BenchmarkRow($"{name}: forced tokens, {_engine.Name}", 100.0 * counter.Forced / counter.Output, null, null, "% of output", null, null));
    }
}
