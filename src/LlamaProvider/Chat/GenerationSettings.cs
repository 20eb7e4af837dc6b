using System.Text.Json;
using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Chat.Search;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies.Contrastive;
using LlamaProvider.Options;

namespace LlamaProvider.Chat;

/// <summary>What a request asks of the decoding, checked and complete.</summary>
/// <param name="Samplers">How tokens are chosen.</param>
/// <param name="Seed">Of the draws.</param>
/// <param name="MaxTokens">The most tokens of the answer; <see langword="null"/> for no limit but the context's.</param>
/// <param name="Stops">Texts that end the answer.</param>
/// <param name="Priority">How the request stands among others.</param>
/// <param name="Overflow">What happens to a conversation that is longer than the context.</param>
/// <param name="Adapters">The LoRA adapters that it is evaluated with.</param>
/// <param name="Constraint">What the answer must be like; <see langword="null"/> for anything.</param>
/// <param name="JumpForward">Whether text that the constraint forces is appended without asking the model.</param>
/// <param name="Reasoning">How the model reasons before it.</param>
internal sealed record GenerationSettings(
    SamplerPipeline Samplers, ulong Seed, int? MaxTokens, StopSequences Stops, int Priority, ContextOverflow Overflow, AdapterSet Adapters, RequestedConstraint? Constraint,
    bool JumpForward,
    ReasoningSettings Reasoning)
{
    /// <summary>The draft model or drafter; <see langword="null"/> for none.</summary>
    public SpeculativeDecodingOptions? Speculative { get; init; }

    /// <summary>How drafts are looked up; <see langword="null"/> when they are not.</summary>
    public PromptLookupOptions? Lookup { get; init; }

    /// <summary>The beam search that finds the answer; <see langword="null"/> to choose one token after the other.</summary>
    public RequestedBeams? Beams { get; init; }

    /// <summary>Contrastive search; <see langword="null"/> for none.</summary>
    public Requested<ContrastiveSearchOptions>? Contrastive { get; init; }

    /// <summary>Guidance away from a negative prompt; <see langword="null"/> for none.</summary>
    public Requested<GuidanceOptions>? Guidance { get; init; }

    /// <summary>Guidance by a token guide; <see langword="null"/> for none.</summary>
    public Requested<TokenGuideOptions>? TokenGuide { get; init; }

    /// <summary>How many answers are drawn, and who judges; <see langword="null"/> for one that nobody judges.</summary>
    public Requested<BestOfOptions>? BestOf { get; init; }

    /// <summary>What is traced; <see langword="null"/> for nothing.</summary>
    public Requested<TraceOptions>? Trace { get; init; }

    /// <summary>The options as a trace has them; <see langword="null"/> when nothing is traced.</summary>
    public JsonElement? TracedOptions { get; init; }

    /// <summary>Whether there is a second prompt. At scale 1 it would change nothing.</summary>
    public bool HasNegativePrompt => Guidance is { Options.Scale: not 1 };

    /// <summary>
    /// The most tokens of each text. Where texts must be completed and nothing is said, each of several gets its share of the room that the prompt leaves, so that all can be completed.
    /// </summary>
    public int? MaxTokensOfEach(int promptTokens, int cells)
    {
        int texts = Beams?.Width ?? BestOf?.Options.Count ?? 1;
        return MaxTokens ?? (texts > 1 && Constraint is { Definition.HasIncompleteTexts: true } ? Math.Max(1, (cells - promptTokens) / texts) : null);
    }

    /// <summary>The most tokens of a prompt that is cut to fit: room is left for the answer, if its length is known and not most of the context, else an eighth.</summary>
    public int PromptLimit(int cells) => cells - Math.Max(1, Math.Min(MaxTokens ?? cells / 8, cells / 2));
}
