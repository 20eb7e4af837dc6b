using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>Reads <see cref="ChatOptions"/>: what is set is done or refused, never dropped. A null value means the model's own default, then ours.</summary>
internal sealed class ChatOptionsReader
{
    private const string OwnPrefix = "llama.";
    private static readonly StopSequences NoStops = new([]);

    private readonly string _modelId;
    private readonly float _defaultTemperature;

    public ChatOptionsReader(ILanguageModel model)
    {
        _modelId = model.Description.Name;
        _defaultTemperature = model.Metadata.TryGetValue("general.sampling.temp", out string? text)
            && float.TryParse(text, CultureInfo.InvariantCulture, out float recommended) && recommended >= 0 && float.IsFinite(recommended)
                ? recommended
                : 0;
    }

    public GenerationSettings Read(ChatOptions? options)
    {
        if (options is not null)
        {
            RefuseUnsupported(options);
        }

        return new GenerationSettings(
            ReadTemperature(options?.Temperature),
            options?.Seed is long seed ? unchecked((ulong)seed) : BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)),
            ReadMaxTokens(options?.MaxOutputTokens),
            ReadStops(options?.StopSequences));
    }

    private float ReadTemperature(float? value) => value switch
    {
        null => _defaultTemperature,
        >= 0 and < float.PositiveInfinity => value.Value,
        _ => throw new OptionNotSupportedException(
            nameof(ChatOptions.Temperature),
            $"Temperature is {value.Value.ToString(CultureInfo.InvariantCulture)}, but must be 0 (the most probable token) or a positive number. Change the option or leave it unset."),
    };

    private static int? ReadMaxTokens(int? value) => value is < 1
        ? throw new OptionNotSupportedException(
            nameof(ChatOptions.MaxOutputTokens), $"MaxOutputTokens is {value}, but must be 1 or more. Change the option, or leave it unset for no limit but the context's.")
        : value;

    private static StopSequences ReadStops(IList<string>? stops)
    {
        if (stops is not { Count: > 0 })
        {
            return NoStops;
        }

        return stops.Any(string.IsNullOrEmpty)
            ? throw new OptionNotSupportedException(
                nameof(ChatOptions.StopSequences), "StopSequences holds an empty text, which would stop every answer before it begins. Remove it.")
            : new StopSequences(stops);
    }

    private void RefuseUnsupported(ChatOptions options)
    {
        Refuse(options.TopP is not null and not 1, nameof(options.TopP), options.TopP);
        Refuse(options.TopK is not null and not 0, nameof(options.TopK), options.TopK);
        Refuse(options.FrequencyPenalty is not null and not 0, nameof(options.FrequencyPenalty), options.FrequencyPenalty);
        Refuse(options.PresencePenalty is not null and not 0, nameof(options.PresencePenalty), options.PresencePenalty);
        Refuse(options.ResponseFormat is ChatResponseFormatJson, nameof(options.ResponseFormat), "JSON");
        Refuse(options.Tools is { Count: > 0 } && options.ToolMode is not NoneChatToolMode, nameof(options.Tools), $"{options.Tools?.Count} tools");
        Refuse(options.ConversationId is not null, nameof(options.ConversationId), options.ConversationId);
        Refuse(options.RawRepresentationFactory is not null, nameof(options.RawRepresentationFactory), "set");
        if (options.ModelId is { } model && model != _modelId)
        {
            throw new OptionNotSupportedException(
                nameof(options.ModelId), $"ModelId is '{model}', but this client runs '{_modelId}'. Leave it unset, or create a client on an engine with that model.");
        }

        foreach (string key in options.AdditionalProperties?.Keys ?? Enumerable.Empty<string>())
        {
            Refuse(key.StartsWith(OwnPrefix, StringComparison.Ordinal), key, "set");
        }
    }

    private static void Refuse(bool isSet, string option, object? value)
    {
        if (isSet)
        {
            throw new OptionNotSupportedException(
                option, string.Create(CultureInfo.InvariantCulture, $"{option} is {value}, but this version does not support it, and it is not ignored silently. Leave it unset."));
        }
    }
}
