using System.Text.Json;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling;

[Trait("Category", "Reference")]
public sealed class SamplingReferenceTests
{
    private const double Tolerance = 2e-5;

    /// <summary>
    /// llama.cpp adds up probabilities one by one in single precision. Over tens of thousands of them the sum is off by about this much, so a border that
    /// it finds in a long row may lie this much of the mass beside the true one. Short rows must agree exactly.
    /// </summary>
    private const double MassRounding = 2e-4;
    private const int LongRow = 10_000;

    [Fact]
    public void Stages_EveryReferenceRow_GiveTheReferencesLogits()
    {
        Dictionary<string, float[]> vectors = SamplingReference.Vectors();
        var failures = new List<string>();
        int count = 0;
        foreach (JsonElement row in SamplingReference.Rows("stage"))
        {
            count++;
            float[] logits = vectors[row.GetProperty("vector").GetString()!];
            int[] history = [.. row.GetProperty("history").EnumerateArray().Select(token => token.GetInt32())];
            int prompt = row.GetProperty("params").TryGetProperty("prompt", out JsonElement length) ? length.GetInt32() : 0;
            string? difference;
            try
            {
                difference = FindDifference(row, logits, StageRun.Apply(SamplingReference.ToStage(row), logits, history, prompt));
            }
            catch (NoCandidateException error)
            {
                difference = HasNone(row) ? null : error.Message;
            }

            if (difference is not null)
            {
                failures.Add($"{row.GetProperty("reference")} {row.GetProperty("stage")} {row.GetProperty("params")} on {row.GetProperty("vector")}: {difference}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {count} rows differ:\n{string.Join('\n', failures)}");
        Assert.True(count > 0, "The reference has no rows.");
    }

    [Fact]
    public void Chain_EveryReferenceRow_GivesTheReferencesProbabilities()
    {
        Dictionary<string, float[]> vectors = SamplingReference.Vectors();
        int count = 0;
        foreach (JsonElement row in SamplingReference.Rows("chain"))
        {
            count++;
            JsonElement values = row.GetProperty("params");
            float[] logits = vectors[row.GetProperty("vector").GetString()!];
            SamplerPipeline chain = SamplerPipeline.Create(s => s
                .TopK(values.GetProperty("top_k").GetInt32())
                .Typical(values.GetProperty("typical_p").GetDouble())
                .TopP(values.GetProperty("top_p").GetDouble())
                .MinP(values.GetProperty("min_p").GetDouble())
                .Temperature(values.GetProperty("temperature").GetDouble()));

            double[] actual = StageRun.Softmax(StageRun.Apply(chain, logits));

            // Which of equally probable tokens survive is each implementation's own rule, so logits are compared, not tokens.
            (float Logit, double Probability)[] expected = [.. row.GetProperty("ids").EnumerateArray()
                .Zip(row.GetProperty("probabilities").EnumerateArray(), (id, p) => (logits[id.GetInt32()], p.GetDouble()))
                .Where(pair => float.IsFinite(pair.Item1)).OrderDescending()];
            (float Logit, double Probability)[] survivors = [.. actual.Select((p, id) => (logits[id], p)).Where(pair => pair.p > 0).OrderDescending()];
            int both = Math.Min(expected.Length, survivors.Length);
            Assert.Equal(expected.Take(both).Select(pair => pair.Logit), survivors.Take(both).Select(pair => pair.Logit));
            double rounding = logits.Length > LongRow ? MassRounding : 0;
            Assert.InRange(expected.Skip(both).Concat(survivors.Skip(both)).Sum(pair => pair.Probability), 0, rounding);
            Assert.All(expected.Zip(survivors), pair => Assert.Equal(pair.First.Probability, pair.Second.Probability, 2e-6 + (rounding * pair.First.Probability)));
        }

        Assert.True(count > 0, "The reference has no rows.");
    }

    private static bool HasNone(JsonElement row) => row.TryGetProperty("logits", out JsonElement logits)
        ? !SamplingReference.Floats(logits).Any(float.IsFinite)
        : row.TryGetProperty("kept", out JsonElement kept) && kept.GetInt32() == 0;

    private static string? FindDifference(JsonElement row, float[] source, float[] actual)
    {
        int[] mine = StageRun.Kept(actual);
        if (row.TryGetProperty("kept", out JsonElement kept))
        {
            return IsSameBorder(source, mine.Length, kept.GetInt32()) ? null : $"{mine.Length} are kept instead of {kept}";
        }

        float[] expected = Expected(row, source.Length);
        int[] theirs = StageRun.Kept(expected);
        if (!IsSameBorder(source, mine.Length, theirs.Length))
        {
            return $"{mine.Length} are kept instead of {theirs.Length}";
        }

        // Which of equal logits survive is each implementation's own rule; ours is tested elsewhere.
        (float, float)[] mineByLogit = [.. mine.Select(i => (source[i], actual[i])).OrderDescending()];
        (float, float)[] theirsByLogit = [.. theirs.Select(i => (source[i], expected[i])).OrderDescending()];
        int wrong = Array.FindIndex([.. mineByLogit.Zip(theirsByLogit)], pair => pair.First.Item1 != pair.Second.Item1
            || Math.Abs(pair.First.Item2 - pair.Second.Item2) > Tolerance * Math.Max(1, Math.Abs(pair.Second.Item2)));
        return wrong < 0 ? null : $"{mineByLogit[wrong]} instead of {theirsByLogit[wrong]}";
    }

    private static bool IsSameBorder(float[] source, int mine, int theirs) =>
        mine == theirs
        || (source.Length > LongRow && StageRun.Softmax(source).OrderDescending().Skip(Math.Min(mine, theirs)).Take(Math.Abs(mine - theirs)).Sum() < MassRounding);

    private static float[] Expected(JsonElement row, int size)
    {
        if (row.TryGetProperty("logits", out JsonElement logits))
        {
            return SamplingReference.Floats(logits);
        }

        float[] expected = new float[size];
        Array.Fill(expected, float.NegativeInfinity);
        float[] values = SamplingReference.Floats(row.GetProperty("values"));
        int index = 0;
        foreach (JsonElement id in row.GetProperty("ids").EnumerateArray())
        {
            expected[id.GetInt32()] = values[index++];
        }

        return expected;
    }
}
