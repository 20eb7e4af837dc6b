using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>
/// Single values under llama-server's names: <c>llama.min_p</c>, <c>llama.repeat_penalty</c> … Each edits its stage of the pipeline in force, or adds the
/// stage where the default order has it. For places that can hold numbers but no pipelines, such as settings files.
/// </summary>
internal static class SamplerScalars
{
    /// <summary>Which component has the value.</summary>
    private static readonly FrozenDictionary<string, string> TypeOf = new Dictionary<string, string>
    {
        ["logit_bias"] = "logit_bias",
        ["repeat_penalty"] = "penalties",
        ["frequency_penalty"] = "penalties",
        ["presence_penalty"] = "penalties",
        ["repeat_last_n"] = "penalties",
        ["dry_multiplier"] = "dry",
        ["dry_base"] = "dry",
        ["dry_allowed_length"] = "dry",
        ["dry_penalty_last_n"] = "dry",
        ["dry_sequence_breakers"] = "dry",
        ["no_repeat_ngram_size"] = "no_repeat_ngram",
        ["top_n_sigma"] = "top_n_sigma",
        ["top_k"] = "top_k",
        ["typical_p"] = "typ_p",
        ["top_p"] = "top_p",
        ["min_p"] = "min_p",
        ["epsilon_cutoff"] = "epsilon_cutoff",
        ["eta_cutoff"] = "eta_cutoff",
        ["top_h"] = "top_h",
        ["xtc_probability"] = "xtc",
        ["xtc_threshold"] = "xtc",
        ["temperature"] = "temperature",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a key, without <c>llama.</c>, is one of these.</summary>
    public static bool Contains(string name) => TypeOf.ContainsKey(name);

    /// <summary>The pipeline with every such value applied.</summary>
    /// <exception cref="InvalidSamplerException">A value is malformed or out of its range.</exception>
    public static SamplerPipeline Edit(SamplerPipeline samplers, AdditionalPropertiesDictionary? properties)
    {
        foreach ((string key, object? value) in properties ?? [])
        {
            if (key.StartsWith(LlamaOptionKeys.Prefix, StringComparison.Ordinal) && TypeOf.TryGetValue(key[LlamaOptionKeys.Prefix.Length..], out string? type))
            {
                samplers = samplers.With(Edit(samplers, type, key, value));
            }
        }

        return samplers;
    }

    private static SamplerStage Edit(SamplerPipeline samplers, string type, string key, object? value)
    {
        SamplerStage? current = samplers.Stages.FirstOrDefault(stage => stage.Name == type);
        JsonObject edited = current is null
            ? new JsonObject { ["type"] = type }
            : (JsonObject)JsonNode.Parse(new SamplerPipeline([current]).ToJson()[0].GetRawText())!;
        edited[key[LlamaOptionKeys.Prefix.Length..]] = JsonNode.Parse(OptionValue.ToJson(key, value).GetRawText());
        try
        {
            return SamplerPipeline.FromJson(JsonElement.Parse($"[{edited.ToJsonString()}]")).Stages[0];
        }
        catch (InvalidSamplerException error)
        {
            // Its place in a pipeline of one says nothing to the user.
            throw new InvalidSamplerException(key, $"{key}: {(error.InnerException as InvalidSamplerException ?? error).Message}", error);
        }
    }
}
