using System.Runtime.InteropServices;
using System.Text.Json;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Stages;
using LlamaProvider.TestSupport;

namespace LlamaProvider.Decoding.Tests.Sampling;

/// <summary>The rows of <c>sampling.jsonl.gz</c>: what transformers and llama.cpp make of given logits.</summary>
internal static class SamplingReference
{
    public static IEnumerable<JsonElement> Rows(string kind) =>
        TestFiles.ReadReferenceRows("sampling.jsonl.gz").Where(row => row.GetProperty("kind").GetString() == kind);

    public static Dictionary<string, float[]> Vectors() =>
        Rows("vector").ToDictionary(row => row.GetProperty("id").GetString()!, row => Floats(row.GetProperty("logits")));

    public static float[] Floats(JsonElement base64) => MemoryMarshal.Cast<byte, float>(base64.GetBytesFromBase64()).ToArray();

    /// <summary>Our stage for a row. Where the references differ, the row's own reference decides the options.</summary>
    public static SamplerStage ToStage(JsonElement row)
    {
        JsonElement values = row.GetProperty("params");
        bool isTransformers = row.GetProperty("reference").GetString()!.StartsWith("transformers", StringComparison.Ordinal);
        return row.GetProperty("stage").GetString() switch
        {
            "temperature" => new TemperatureStage(Number("temperature")),
            "top_k" => new TopKStage((int)Number("top_k"), keepTies: isTransformers),
            "top_p" => new TopPStage(Number("top_p")),
            "min_p" => new MinPStage(Number("min_p")),
            "typical_p" => new TypicalStage(Number("typical_p"), keepTies: isTransformers),
            "epsilon_cutoff" => new EpsilonCutoffStage(Number("epsilon")),
            "eta_cutoff" => new EtaCutoffStage(Number("eta")),
            "repetition_penalty" => new PenaltiesStage(Number("penalty"), lastTokens: int.MaxValue),
            "no_repeat_ngram" => new NoRepeatNgramStage((int)Number("size")),
            "exponential_decay_length_penalty" => new ExponentialDecayLengthStage((int)Number("start"), Number("factor")),
            "dynamic_temperature" => new DynamicTemperatureStage(Number("temperature"), Number("range"), Number("exponent")),
            "xtc" => new XtcStage(Number("probability"), Number("threshold")),
            "top_n_sigma" => new TopNSigmaStage(Number("n")),
            "penalties" => Penalties(values),
            "logit_bias" => new LogitBiasStage(values.GetProperty("bias").EnumerateObject().ToDictionary(
                bias => int.Parse(bias.Name), bias => bias.Value.ValueKind == JsonValueKind.String ? double.NegativeInfinity : bias.Value.GetDouble())),
            var stage => throw new InvalidOperationException($"The reference has a stage '{stage}' that these tests do not know."),
        };

        double Number(string name) => values.GetProperty(name).GetDouble();
    }

    /// <summary>The library switches penalties off when the window is not above 0; its server gives it the context's length for −1.</summary>
    private static PenaltiesStage Penalties(JsonElement values)
    {
        int window = values.GetProperty("last_n").GetInt32();
        return window <= 0
            ? new PenaltiesStage()
            : new PenaltiesStage(
                values.GetProperty("repeat").GetDouble(), values.GetProperty("frequency").GetDouble(), values.GetProperty("presence").GetDouble(), window);
    }
}
