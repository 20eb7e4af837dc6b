using LlamaProvider.Chat;
using LlamaProvider.Chat.Search;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Options;

namespace LlamaProvider;

/// <summary>Refuses requests that an engine cannot serve, before any work.</summary>
internal sealed class EngineSupport(LlamaEngine engine)
{
    /// <summary>Refuses what this engine's memory cannot do.</summary>
    public void Require(GenerationSettings settings)
    {
        if (settings.Overflow == ContextOverflow.Shift && !engine.Capabilities.CanShift)
        {
            throw new OptionNotSupportedException(
                LlamaOptionKeys.ContextOverflow,
                $"{LlamaOptionKeys.ContextOverflow} is 'shift', but the memory of '{engine.Model.Description.Name}' cannot move positions. " +
                "Use 'truncate_oldest' or 'error', or choose another model.");
        }

        if (settings.Contrastive is { } contrastive && !engine.Capabilities.HasHiddenStates)
        {
            throw new OptionNotSupportedException(
                contrastive.Option,
                $"{contrastive.Option} is set, but '{engine.Model.Description.Name}' gives no hidden states, by which contrastive search compares tokens. Leave the option unset, or choose another model.");
        }

        StrategyClaim.RequireRoom(settings, engine.WidestSearch);
        RequireAdapters(settings.Adapters);
        engine.Judges.Require(settings);
        engine.Tracing.Require(settings);
        engine.Drafters.Require(settings);
    }

    /// <summary>Refuses adapters that are not registered.</summary>
    public void RequireAdapters(AdapterSet adapters)
    {
        foreach (AdapterScale adapter in adapters.Adapters)
        {
            if (!engine.Model.Adapters.Contains(adapter.Name))
            {
                throw new OptionNotSupportedException(
                    LlamaOptionKeys.Adapters,
                    $"{LlamaOptionKeys.Adapters} names the adapter '{adapter.Name}', but this engine has {(engine.Model.Adapters.Count > 0 ? string.Join(", ", engine.Model.Adapters) : "none")}. " +
                    $"Register it in {nameof(LlamaEngineOptions)}.{nameof(LlamaEngineOptions.Adapters)}, or use one of these.");
            }
        }
    }
}
