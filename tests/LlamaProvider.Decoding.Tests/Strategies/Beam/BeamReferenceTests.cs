using System.Runtime.InteropServices;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.TestSupport;

namespace LlamaProvider.Decoding.Tests.Strategies.Beam;

/// <summary>Beam and diverse beam search against transformers, on models that are tables.</summary>
[Trait("Category", "Reference")]
public sealed class BeamReferenceTests
{
    private const double ScoreTolerance = 2e-4;
    private const double OrderTolerance = 1e-5;

    [Theory]
    [InlineData("beam", 580)]
    [InlineData("diverse_beam", 70)]
    public void Search_EveryRow_GivesTheReferencesTextsAndScores(string strategy, int atLeast)
    {
        JsonElement[] rows = [.. TestFiles.ReadReferenceRows("search-table.jsonl.gz")];
        Dictionary<int, JsonElement> tables = rows.Where(row => Text(row, "kind") == "table").ToDictionary(row => row.GetProperty("id").GetInt32());
        int count = 0;
        foreach (JsonElement row in rows.Where(row => Text(row, "kind") == "search" && Text(row, "strategy") == strategy))
        {
            Check(row, tables[row.GetProperty("table").GetInt32()]);
            count++;
        }

        Assert.True(count >= atLeast, $"Only {count} rows were checked.");
    }

    private static void Check(JsonElement row, JsonElement table)
    {
        JsonElement parameters = row.GetProperty("params");
        int[] ends = Ints(parameters.GetProperty("eos"));
        var model = new TableModel(
            MemoryMarshal.Cast<byte, float>(table.GetProperty("logits").GetBytesFromBase64()).ToArray(), table.GetProperty("vocabulary").GetInt32(), table.GetProperty("phases").GetInt32(), ends);
        BeamSearchStrategy search = model.Run(model.Search(Settings(parameters), Ints(row.GetProperty("prompt")), Pipeline(parameters), Constraint(model, parameters))).Search;

        JsonElement[] expected = [.. row.GetProperty("result").EnumerateArray()];
        string context = row.GetRawText();
        Assert.True(expected.Length == search.Results.Count, context);
        for (int i = 0; i < expected.Length; i++)
        {
            double score = Score(expected[i]);
            Assert.True(Math.Abs(score - search.Results[i].Score) < ScoreTolerance, $"Score {search.Results[i].Score} at {i} of {context}");
            // What ties with the last text may have been left out of the list.
            bool isTie = i == expected.Length - 1 || (i > 0 && Score(expected[i - 1]) - score <= OrderTolerance) || (score - Score(expected[i + 1]) <= OrderTolerance);
            int[] tokens = [.. Ints(expected[i].GetProperty("tokens")).TakeWhile(token => !ends.Contains(token))];
            Assert.True(isTie || tokens.SequenceEqual(search.Results[i].Tokens), $"{string.Join(' ', search.Results[i].Tokens)} at {i} of {context}");
        }
    }

    private static BeamSettings Settings(JsonElement parameters) => new()
    {
        Width = parameters.GetProperty("num_beams").GetInt32(),
        Groups = parameters.TryGetProperty("num_beam_groups", out JsonElement groups) ? groups.GetInt32() : 1,
        DiversityPenalty = parameters.TryGetProperty("diversity_penalty", out JsonElement penalty) ? penalty.GetSingle() : 0,
        Results = parameters.GetProperty("num_return_sequences").GetInt32(),
        LengthPenalty = parameters.GetProperty("length_penalty").GetDouble(),
        Stopping = parameters.GetProperty("early_stopping").ValueKind switch
        {
            JsonValueKind.True => BeamStopping.Early,
            JsonValueKind.False => BeamStopping.Heuristic,
            _ => BeamStopping.Exhaustive,
        },
        MaxTokens = parameters.GetProperty("max_new_tokens").GetInt32(),
        LongestText = parameters.GetProperty("max_new_tokens").GetInt32(),
    };

    private static SamplerPipeline Pipeline(JsonElement parameters)
    {
        var stages = new List<SamplerStage>();
        if (parameters.TryGetProperty("repetition_penalty", out JsonElement repetition))
        {
            stages.Add(new PenaltiesStage(repetition.GetDouble(), lastTokens: null, countPrompt: true));
        }

        if (parameters.TryGetProperty("no_repeat_ngram_size", out JsonElement size))
        {
            stages.Add(new NoRepeatNgramStage(size.GetInt32()));
        }

        return new SamplerPipeline(stages, new GreedySelector());
    }

    private static SequenceConstraint? Constraint(TableModel model, JsonElement parameters)
    {
        int least = parameters.TryGetProperty("min_new_tokens", out JsonElement min) ? min.GetInt32() : 0;
        string[] bad = parameters.TryGetProperty("bad_words_ids", out JsonElement words)
            ? [.. words.EnumerateArray().Select(word => string.Concat(Ints(word).Select(token => (char)('a' + token))))]
            : [];
        return least == 0 && bad.Length == 0 ? null : new SequenceConstraint("test", ConstraintFactory.Compile(
            new ConstraintVocabulary(model.Vocabulary), forbidden: new PhraseOptions { Phrases = [.. bad] }, lengths: new LengthOptions { MinTokens = least }).CreateMatcher());
    }

    private static double Score(JsonElement text) => text.GetProperty("score").GetDouble();

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];
}
