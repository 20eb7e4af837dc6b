using System.Collections.Concurrent;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Strategies.Speculative.Control;
using LlamaProvider.Decoding.Strategies.Speculative.Custom;
using LlamaProvider.Decoding.Strategies.Speculative.DraftModel;
using LlamaProvider.Decoding.Strategies.Speculative.ForcedText;
using LlamaProvider.Decoding.Strategies.Speculative.PromptLookup;
using LlamaProvider.Options;
using Microsoft.Extensions.Logging;

namespace LlamaProvider;

/// <summary>What an engine can draft with. Safe for concurrent use; disposed when the engine's thread has ended.</summary>
internal sealed class EngineDrafters : IDisposable
{
    /// <summary>What sets the draws of a draft apart from the request's own.</summary>
    private const ulong DraftStream = 0xD1B54A32D192ED03;

    private const string ForcedText = "forced_text";
    private const string Lookup = "prompt_lookup";

    /// <summary>Pipelines whose drafts are learned from at a time: applications have few, and one that makes a new one for each request gains nothing.</summary>
    private const int MostExperiences = 64;

    private readonly ILanguageModel _model;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<string, DraftModelContext> _models = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CustomDrafterFactory> _custom;
    private readonly ConcurrentDictionary<(string Drafter, SamplerPipeline Samplers), DraftExperience> _experiences = new();

    /// <param name="model">The engine's model.</param>
    /// <param name="drafts">The draft models by name; the caller owns them.</param>
    /// <param name="context">The sizes of the engine's context, which those of the draft models have too.</param>
    /// <param name="options">The engine's options.</param>
    /// <param name="logger">Receives warnings.</param>
    /// <exception cref="InvalidOptionsException">A draft model cannot draft for the model.</exception>
    public EngineDrafters(ILanguageModel model, IReadOnlyDictionary<string, ILanguageModel> drafts, ContextOptions context, LlamaEngineOptions options, ILogger logger)
    {
        (_model, _time, _logger) = (model, options.TimeProvider, logger);
        _custom = new Dictionary<string, CustomDrafterFactory>(options.CustomDrafters, StringComparer.Ordinal);
        try
        {
            foreach ((string name, ILanguageModel draft) in drafts)
            {
                RequireUsable(name, draft);
                _models.Add(name, new DraftModelContext(draft, context with { KeptSequences = 0, Outputs = null }));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Refuses what cannot be drafted here.</summary>
    /// <exception cref="OptionNotSupportedException">The drafter is not registered, or the model's memory cannot take rejected tokens back.</exception>
    public void Require(GenerationSettings settings)
    {
        if (settings is { Speculative: null, Lookup: null })
        {
            return;
        }

        string option = settings.Speculative is null ? LlamaOptionKeys.PromptLookup : LlamaOptionKeys.SpeculativeDecoding;
        if (!_model.Capabilities.CanTrim)
        {
            throw new OptionNotSupportedException(
                option, $"{option} is set, but the memory of '{_model.Description.Name}' cannot take rejected tokens back. Leave the option unset, or choose another model.");
        }

        if (settings.Speculative?.Drafter is { } name && !_models.ContainsKey(name) && !_custom.ContainsKey(name))
        {
            string[] names = [.. _models.Keys.Concat(_custom.Keys)];
            throw new OptionNotSupportedException(
                option,
                $"{option} names the drafter '{name}', but this engine has {(names.Length > 0 ? string.Join(", ", names) : "none")}. " +
                $"Register it in {nameof(LlamaEngineOptions)}.{nameof(LlamaEngineOptions.DraftModels)} or {nameof(LlamaEngineOptions.CustomDrafters)}, or use one of these.");
        }
    }

    /// <summary>What drafts for a request; <see langword="null"/> when nothing does. What costs least comes first.</summary>
    /// <param name="settings">The request.</param>
    /// <param name="seed">Of the request's draws.</param>
    /// <param name="jump">Finds forced text, where jump-forward does not append it; <see langword="null"/> for none.</param>
    public Speculator? Create(GenerationSettings settings, ulong seed, JumpForward? jump)
    {
        if (settings is { Speculative: null, Lookup: null })
        {
            return null;
        }

        var sources = new List<DraftSource>();
        if (jump is not null)
        {
            sources.Add(new DraftSource(ForcedText, new ForcedTextDrafter(jump), SpeculationOptionsJson.MostTokens, Experience(ForcedText, settings, isAdaptive: true)));
        }

        if (settings.Lookup is { } lookup)
        {
            sources.Add(new DraftSource(Lookup, new PromptLookupDrafter(lookup.MinMatch), lookup.MaxTokens, Experience(Lookup, settings, lookup.Adaptive)));
        }

        if (settings.Speculative is { } speculative)
        {
            IDrafter drafter = _models.TryGetValue(speculative.Drafter, out DraftModelContext? context)
                ? new ModelDrafter(context, _model.Vocabulary.Count, seed ^ DraftStream, speculative.MinConfidence)
                : new CustomDrafter(_custom[speculative.Drafter](_model.Vocabulary), _model.Vocabulary);
            sources.Add(new DraftSource(speculative.Drafter, drafter, speculative.MaxTokens, Experience(speculative.Drafter, settings, speculative.Adaptive)));
        }

        return new Speculator(sources, _time, Warn);
    }

    public void Dispose()
    {
        foreach (DraftModelContext context in _models.Values)
        {
            context.Dispose();
        }
    }

    /// <summary>What requests with this drafter and these samplers have learned; <see langword="null"/> where drafts have a fixed length.</summary>
    private DraftExperience? Experience(string drafter, GenerationSettings settings, bool isAdaptive)
    {
        if (!isAdaptive)
        {
            return null;
        }

        if (_experiences.Count >= MostExperiences)
        {
            _experiences.Clear();
        }

        return _experiences.GetOrAdd((drafter, settings.Samplers), static _ => new DraftExperience());
    }

    private void RequireUsable(string name, ILanguageModel draft)
    {
        string? problem = DraftVocabulary.FindDifference(_model.Vocabulary, draft.Vocabulary) is { } difference
            ? $"whose tokens are not those of '{_model.Description.Name}': {difference}. Use a draft model of the same family."
            : !draft.Capabilities.CanTrim ? "whose memory cannot take rejected tokens back. Use another draft model." : null;
        if (problem is not null)
        {
            throw new InvalidOptionsException(
                nameof(LlamaEngineOptions), [$"{nameof(LlamaEngineOptions.DraftModels)} has '{name}', '{draft.Description.Name}', {problem}"]);
        }
    }

    private void Warn(string name, Exception error)
    {
        if (_logger.IsEnabled(LogLevel.Warning))
        {
            _logger.LogWarning(error, "The drafter '{Drafter}' failed; the answer goes on without it.", name);
        }
    }
}
