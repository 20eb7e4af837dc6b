using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tracing;

/// <summary>The options of a request as its trace has them: all that decides about the answer, resolved, and nothing else.</summary>
internal static class TracedOptions
{
    /// <summary>Writes them.</summary>
    /// <param name="options">What the request said.</param>
    /// <param name="raw">Its raw options.</param>
    /// <param name="settings">What that means here.</param>
    public static JsonElement Write(ChatOptions options, LlamaGenerationOptions? raw, GenerationSettings settings)
    {
        var traced = new ChatOptions
        {
            MaxOutputTokens = options.MaxOutputTokens,
            StopSequences = options.StopSequences is { Count: > 0 } stops ? [.. stops] : null,
            ResponseFormat = options.ResponseFormat,
            ToolMode = options.ToolMode,
            AllowMultipleToolCalls = options.AllowMultipleToolCalls,
            Reasoning = options.Reasoning,
        };
        traced.UseSamplers(settings.Samplers);
        WriteConstraint(traced, options, raw);
        WriteStrategy(traced, settings);
        WriteText(traced, options, raw, settings);
        return JsonSerializer.SerializeToElement(traced, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatOptions)));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ChatOptions Read(TraceRequest request)
    {
        var options = (ChatOptions)request.Options.Deserialize(AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatOptions)))!;
        options.Seed = unchecked((long)request.Seed);
        options.Tools = request.Tools.Count == 0 ? null : [.. request.Tools.Select(static tool => AIFunctionFactory.CreateDeclaration(tool.Name, tool.Description, tool.Parameters))];
        return options;
    }

    private static void WriteConstraint(ChatOptions traced, ChatOptions options, LlamaGenerationOptions? raw)
    {
        if ((raw?.JsonSchema ?? options.GetJsonSchema()) is { } schema)
        {
            traced.UseJsonSchema(schema);
        }

        if ((raw?.JsonSchemaOptions ?? options.GetJsonSchemaOptions()) is { } schemaOptions)
        {
            OptionValue.Set(traced, LlamaOptionKeys.JsonSchemaOptions, JsonSchemaOptionsJson.Write(schemaOptions));
        }

        Apply(raw?.Grammar ?? options.GetGrammar(), grammar => traced.UseGrammar(grammar));
        Apply(raw?.Regex ?? options.GetRegex(), regex => traced.UseRegex(regex));
        Apply(raw?.RequiredPhrases ?? options.GetRequiredPhrases(), phrases => traced.RequirePhrases(phrases));
        Apply(raw?.ForbiddenPhrases ?? options.GetForbiddenPhrases(), phrases => traced.ForbidPhrases(phrases));
        Apply(raw?.Lengths ?? options.GetLengths(), lengths => traced.UseLengths(lengths));
    }

    private static void WriteStrategy(ChatOptions traced, GenerationSettings settings)
    {
        Apply(settings.Speculative, drafts => traced.UseSpeculativeDecoding(drafts));
        Apply(settings.Lookup, lookup => traced.UsePromptLookup(lookup));
        Apply(settings.Beams?.Plain, beams => traced.UseBeamSearch(beams));
        Apply(settings.Beams?.Diverse, beams => traced.UseDiverseBeamSearch(beams));
        Apply(settings.Contrastive, search => traced.UseContrastiveSearch(search.Options.TopK, search.Options.Alpha));
        Apply(settings.Guidance, guidance => traced.UseGuidance(guidance.Options));
        Apply(settings.TokenGuide, guide => traced.UseTokenGuide(guide.Options.Guide, guide.Options.Strength, guide.Options.TopK));
        Apply(settings.BestOf, best => traced.UseBestOf(best.Options.Count, best.Options.Scorer));
        Apply(settings.Trace, trace => traced.CaptureTrace(trace.Options with { Sink = null }));
    }

    private static void WriteText(ChatOptions traced, ChatOptions options, LlamaGenerationOptions? raw, GenerationSettings settings)
    {
        if ((raw?.JumpForward ?? options.GetJumpForward()) is bool jumps)
        {
            traced.UseJumpForward(jumps);
        }

        if (options.GetThinking() is bool thinks)
        {
            traced.UseThinking(thinks);
        }

        if (options.GetThinkingBudget() is int budget)
        {
            traced.UseThinkingBudget(budget);
        }

        if (options.GetReasoningConstrained() is bool constrained)
        {
            traced.ConstrainReasoning(constrained);
        }

        foreach (AdapterScale adapter in settings.Adapters.Adapters)
        {
            traced.UseAdapter(adapter.Name, adapter.Scale);
        }

        traced.UseContextOverflow(settings.Overflow);
    }

    private static void Apply<T>(T? value, Action<T> apply)
        where T : class
    {
        if (value is not null)
        {
            apply(value);
        }
    }
}
