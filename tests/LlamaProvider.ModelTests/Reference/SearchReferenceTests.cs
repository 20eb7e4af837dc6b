using System.Text.Json;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Decoding.Strategies.Contrastive;
using LlamaProvider.Decoding.Strategies.Guidance;
using LlamaProvider.Native;
using LlamaProvider.TestSupport;
using LlamaProvider.TestSupport.Sampling;

namespace LlamaProvider.ModelTests.Reference;

/// <summary>Searches and guidance through llama.cpp against a plain torch implementation of the same model, without KV cache or forks.</summary>
[Trait("Category", "Reference")]
public sealed class SearchReferenceTests
{
    private const double ScoreTolerance = 0.002;

    [Fact]
    public void Contrastive_EveryRow_GivesTheReferencesTokensUpToANearTie()
    {
        using var run = new ModelRun();
        int compared = run.ForEach("contrastive", 24, row => run.CompareTokens(row, 0.002, answer => new ContrastiveSearchStrategy(
            new ContrastiveSearchOptions { TopK = row.Parameters.GetProperty("k").GetInt32(), Alpha = row.Parameters.GetProperty("alpha").GetDouble() },
            answer,
            run.Model.Description.HiddenSize,
            run.Context.Limits)));

        Assert.True(compared > 300, $"Only {compared} tokens were compared before near ties.");
    }

    [Fact]
    public void Guidance_EveryRow_GivesTheReferencesTokensUpToANearTie()
    {
        using var run = new ModelRun();
        int compared = run.ForEach("classifier_free_guidance", 6, row => run.CompareTokens(row, 0.01, answer => new GuidedStrategy(
            answer,
            new NegativeText(Ints(row.Parameters.GetProperty("negative")), row.Parameters.GetProperty("scale").GetDouble(), run.Model.Vocabulary.Count),
            guide: null)));

        Assert.True(compared > 20, $"Only {compared} tokens were compared before near ties.");
    }

    [Theory]
    [InlineData("beam", 132)]
    [InlineData("diverse_beam", 24)]
    public void Beams_EveryRow_GiveTheReferencesTextsAndScores(string strategy, int rows)
    {
        using var run = new ModelRun();
        run.ForEach(strategy, rows, row =>
        {
            var search = new BeamSearchStrategy(Settings(row.Parameters), run.Model.Vocabulary, TestSamplers.Greedy(run.Model.Vocabulary, row.Prompt), new StopSequences([]));
            run.Generate(search);
            CheckBeams(row, search.Results);
            return search.Results.Count;
        });
    }

    private static void CheckBeams(SearchRow row, IReadOnlyList<BeamHypothesis> results)
    {
        JsonElement[] expected = [.. row.Result.EnumerateArray()];
        Assert.True(expected.Length == results.Count, row.Text);
        for (int i = 0; i < expected.Length; i++)
        {
            double score = Score(expected[i]);
            Assert.True(Math.Abs(score - results[i].Score) < ScoreTolerance, $"Score {results[i].Score} at {i} of {row.Text}");
            bool isTie = i == expected.Length - 1 || (i > 0 && Score(expected[i - 1]) - score <= ScoreTolerance) || score - Score(expected[i + 1]) <= ScoreTolerance;
            Assert.True(isTie || row.Answer(expected[i].GetProperty("tokens")).SequenceEqual(results[i].Tokens), $"{string.Join(' ', results[i].Tokens)} at {i} of {row.Text}");
        }
    }

    private static BeamSettings Settings(JsonElement parameters) => new()
    {
        Width = parameters.GetProperty("num_beams").GetInt32(),
        Groups = parameters.TryGetProperty("num_beam_groups", out JsonElement groups) ? groups.GetInt32() : 1,
        DiversityPenalty = parameters.TryGetProperty("diversity_penalty", out JsonElement penalty) ? penalty.GetSingle() : 0,
        Results = parameters.GetProperty("num_return_sequences").GetInt32(),
        LengthPenalty = parameters.GetProperty("length_penalty").GetDouble(),
        Stopping = !parameters.TryGetProperty("early_stopping", out JsonElement stopping) || stopping.ValueKind == JsonValueKind.False ? BeamStopping.Heuristic
            : stopping.ValueKind == JsonValueKind.True ? BeamStopping.Early
            : BeamStopping.Exhaustive,
        MaxTokens = parameters.GetProperty("max_new_tokens").GetInt32(),
        LongestText = parameters.GetProperty("max_new_tokens").GetInt32(),
    };

    private static double Score(JsonElement text) => text.GetProperty("score").GetDouble();

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(static value => value.GetInt32())];

    private sealed record SearchRow(string Text, int[] Prompt, JsonElement Parameters, JsonElement Result)
    {
        /// <summary>Tokens without the one that ends the text.</summary>
        public int[] Answer(JsonElement tokens)
        {
            int[] ends = Ints(Parameters.GetProperty("eos"));
            return [.. Ints(tokens).TakeWhile(token => !ends.Contains(token))];
        }
    }

    /// <summary>The reference's model with one context, on which a loop runs one strategy after the other.</summary>
    private sealed class ModelRun : IDisposable
    {
        private readonly JsonElement[] _rows = [.. TestFiles.ReadReferenceRows("search-pocket.jsonl.gz")];

        public ModelRun()
        {
            Model = LlamaCppModel.Load(TestFiles.RequireModel("pocket", "pocket-chat.F32.gguf"), new LlamaCppModelOptions(), null, CancellationToken.None);
            Context = Model.CreateContext(ExactOptions.Context with { Sequences = 8, Outputs = 64 });
        }

        public LlamaCppModel Model { get; }

        public IModelContext Context { get; }

        /// <returns>The sum of what the rows give.</returns>
        public int ForEach(string strategy, int atLeast, Func<SearchRow, int> check)
        {
            Dictionary<int, int[]> prompts = _rows.Where(static row => Kind(row) == "prompt").ToDictionary(static row => row.GetProperty("id").GetInt32(), static row => Ints(row.GetProperty("tokens")));
            SearchRow[] rows = [.. _rows
                .Where(row => Kind(row) == "search" && row.GetProperty("strategy").GetString() == strategy)
                .Select(row => new SearchRow(row.GetRawText(), prompts[row.GetProperty("prompt").GetInt32()], row.GetProperty("params"), row.GetProperty("result")))];
            Assert.True(rows.Length >= atLeast, $"There are only {rows.Length} rows of {strategy}.");
            return rows.Sum(check);
        }

        /// <summary>Compares tokens up to the first step whose two best were close.</summary>
        /// <returns>How many tokens were compared.</returns>
        public int CompareTokens(SearchRow row, double nearTie, Func<AnswerTokens, IDecodingStrategy> create)
        {
            int settled = row.Result.GetProperty("margins").EnumerateArray().TakeWhile(margin => margin.GetDouble() >= nearTie).Count();
            int[] expected = row.Answer(row.Result.GetProperty("tokens"));
            var answer = new AnswerTokens(
                Model.Vocabulary, TestSamplers.Greedy(Model.Vocabulary, row.Prompt), new StopSequences([]), row.Parameters.GetProperty("max_new_tokens").GetInt32());

            List<int> actual = Generate(create(answer));

            int compared = Math.Min(settled, expected.Length);
            Assert.True(expected.AsSpan(0, compared).SequenceEqual([.. actual.Take(compared)]), $"{string.Join(' ', actual)} for {row.Text}");
            Assert.True(settled <= expected.Length || actual.Count == expected.Length, $"{actual.Count} tokens for {row.Text}");
            return compared;
        }

        public List<int> Generate(IDecodingStrategy strategy)
        {
            var loop = new EngineLoop(Context, new DecodeFirstPolicy(), new EngineMetrics("test", TimeProvider.System), new PromptPace(TimeSpan.MaxValue), afterStep: EngineInvariants.Check);
            var request = new GenerationRequest(strategy, null, () => { }, () => { }, reader => reader());
            loop.Enqueue(request);
            while (!loop.IsEmpty)
            {
                loop.Step();
            }

            var tokens = new List<int>();
            Assert.Null(request.Output.Read(ref tokens)!.Error);
            return tokens;
        }

        public void Dispose()
        {
            Context.Dispose();
            Model.Dispose();
        }

        private static string Kind(JsonElement row) => row.GetProperty("kind").GetString()!;
    }
}
