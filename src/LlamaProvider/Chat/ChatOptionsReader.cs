using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Chat.Search;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies.Contrastive;
using LlamaProvider.Options;
using LlamaProvider.Tracing;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>Reads <see cref="ChatOptions"/>: what is set is done or refused, never dropped. A null value means the model's own default, then ours.</summary>
internal sealed class ChatOptionsReader
{
    private static readonly StopSequences NoStops = new([]);
    private static readonly ChatOptions NoOptions = new();

    private readonly ModelNames _model;
    private readonly SamplerPipeline _defaultSamplers;

    /// <param name="model">The model that runs.</param>
    /// <param name="defaultSamplers">How tokens are chosen when the options say nothing.</param>
    public ChatOptionsReader(ModelNames model, SamplerPipeline defaultSamplers)
    {
        _model = model;
        _defaultSamplers = defaultSamplers;
    }

    /// <summary>Reads a request's options.</summary>
    /// <param name="options">The options, or <see langword="null"/>.</param>
    /// <param name="client">The client that the options' factory of raw options is called with.</param>
    public GenerationSettings Read(ChatOptions? options, IChatClient client)
    {
        options ??= NoOptions;
        RefuseUnsupported(options);
        LlamaGenerationOptions? raw = ReadRaw(options, client);
        RequestedBeams? beams = BeamReader.Read(options, raw);
        Requested<ContrastiveSearchOptions>? contrastive = SearchReader.ReadContrastive(options, raw);
        RankedSearch? ranked = beams is not null ? new RankedSearch(beams.Option, beams.IsDrawn) : contrastive is not null ? new RankedSearch(contrastive.Option, IsDrawn: false) : null;
        var settings = new GenerationSettings(
            RankedSearch.Check(ranked, SamplerReader.Read(options, raw, RankedSearch.Defaults(ranked, _defaultSamplers))),
            options.Seed is long seed ? unchecked((ulong)seed) : BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)),
            ReadMaxTokens(options.MaxOutputTokens),
            ReadStops(options.StopSequences),
            options.GetPriority() ?? 0,
            options.GetContextOverflow() ?? ContextOverflow.Error,
            options.GetAdapters() ?? AdapterSet.None,
            ConstraintReader.Read(options, raw),
            raw?.JumpForward ?? options.GetJumpForward() ?? true,
            ReasoningSettings.Read(options))
        {
            Speculative = raw?.SpeculativeDecoding is { } speculative ? SpeculationOptionsJson.ReadSpeculative(speculative) : options.GetSpeculativeDecoding(),
            Lookup = raw?.PromptLookup is { } lookup ? SpeculationOptionsJson.ReadLookup(lookup) : options.GetPromptLookup(),
            Beams = beams,
            Contrastive = contrastive,
            Guidance = SearchReader.ReadGuidance(options, raw),
            TokenGuide = SearchReader.ReadTokenGuide(options, raw),
            BestOf = SearchReader.ReadBestOf(options, raw),
            Trace = ReadTrace(options, raw),
        };
        StrategyClaim.RequireOne(settings);
        SearchReader.RequireDraws(settings.BestOf, settings.Samplers);
        return settings.Trace is null ? settings : settings with { TracedOptions = TracedOptions.Write(options, raw, settings) };
    }

    private static Requested<TraceOptions>? ReadTrace(ChatOptions options, LlamaGenerationOptions? raw)
    {
        TraceOptions? trace = raw?.Trace is { } own ? TraceOptionsJson.Read(own) : options.GetTraceOptions();
        return trace is null ? null : new Requested<TraceOptions>(SearchConflicts.Name(raw?.Trace is not null, nameof(raw.Trace), LlamaOptionKeys.Trace), trace);
    }

    private static LlamaGenerationOptions? ReadRaw(ChatOptions options, IChatClient client) => options.RawRepresentationFactory?.Invoke(client) switch
    {
        null => null,
        LlamaGenerationOptions raw => raw,
        var other => throw new OptionNotSupportedException(
            nameof(options.RawRepresentationFactory),
            $"RawRepresentationFactory returned a {other.GetType()}, but this client takes {nameof(LlamaGenerationOptions)}. Return that, or null for other clients."),
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
        _model.Require(options.ModelId);
        if (options.ConversationId is { } conversation)
        {
            throw new OptionNotSupportedException(
                nameof(options.ConversationId),
                $"ConversationId is '{conversation}', but this client keeps no conversations and gives no ids of them. " +
                "Send the whole conversation and leave the option unset: what the engine has computed of it is found again by itself.");
        }

        if (options.ContinuationToken is not null)
        {
            throw new OptionNotSupportedException(
                nameof(options.ContinuationToken), "ContinuationToken is set, but this client answers at once and gives no such tokens. Leave it unset.");
        }

        foreach (string key in options.AdditionalProperties?.Keys ?? Enumerable.Empty<string>())
        {
            Refuse(key.StartsWith(LlamaOptionKeys.Prefix, StringComparison.Ordinal) && !IsKnown(key), key, "set");
        }
    }

    private static bool IsKnown(string key) =>
        key is LlamaOptionKeys.Samplers or LlamaOptionKeys.Priority or LlamaOptionKeys.ContextOverflow or LlamaOptionKeys.Adapters
            or LlamaOptionKeys.JsonSchema or LlamaOptionKeys.JsonSchemaOptions or LlamaOptionKeys.Grammar or LlamaOptionKeys.Regex
            or LlamaOptionKeys.EnableThinking or LlamaOptionKeys.ThinkingBudget or LlamaOptionKeys.ConstrainReasoning
            or LlamaOptionKeys.RequiredPhrases or LlamaOptionKeys.ForbiddenPhrases or LlamaOptionKeys.Lengths or LlamaOptionKeys.JumpForward
            or LlamaOptionKeys.SpeculativeDecoding or LlamaOptionKeys.PromptLookup
            or LlamaOptionKeys.BeamSearch or LlamaOptionKeys.DiverseBeamSearch
            or LlamaOptionKeys.ContrastiveSearch or LlamaOptionKeys.Guidance or LlamaOptionKeys.TokenGuide or LlamaOptionKeys.BestOf or LlamaOptionKeys.Trace
        || SamplerScalars.Contains(key[LlamaOptionKeys.Prefix.Length..]);

    private static void Refuse(bool isSet, string option, object? value)
    {
        if (isSet)
        {
            throw new OptionNotSupportedException(
                option, string.Create(CultureInfo.InvariantCulture, $"{option} is {value}, but this version does not support it, and it is not ignored silently. Leave it unset."));
        }
    }
}
