using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Decoding.Strategies.Contrastive;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>What <see cref="ChatOptions.RawRepresentationFactory"/> may return for a <see cref="Chat.LlamaChatClient"/>. What is set here wins over everything else.</summary>
public sealed class LlamaGenerationOptions
{
    /// <summary>How tokens are chosen. Default: what the other options say.</summary>
    public SamplerPipeline? Samplers { get; set; }

    /// <summary>A JSON schema that the answer meets. Default: what the other options say.</summary>
    public JsonElement? JsonSchema { get; set; }

    /// <summary>How the JSON of a schema is written, wherever the schema was given. Default: what the other options say.</summary>
    public JsonSchemaOptions? JsonSchemaOptions { get; set; }

    /// <summary>A GBNF grammar that the answer follows. Default: what the other options say.</summary>
    public string? Grammar { get; set; }

    /// <summary>A regular expression that matches the answer as a whole. Default: what the other options say.</summary>
    public string? Regex { get; set; }

    /// <summary>Phrases that the answer contains. Default: what the other options say.</summary>
    public PhraseOptions? RequiredPhrases { get; set; }

    /// <summary>Phrases that the answer does not contain. Default: what the other options say.</summary>
    public PhraseOptions? ForbiddenPhrases { get; set; }

    /// <summary>How long the answer is. Default: what the other options say.</summary>
    public LengthOptions? Lengths { get; set; }

    /// <summary>Whether text that a constraint forces is appended without asking the model. Default: what the other options say.</summary>
    public bool? JumpForward { get; set; }

    /// <summary>The draft model or drafter. Default: what the other options say.</summary>
    public SpeculativeDecodingOptions? SpeculativeDecoding { get; set; }

    /// <summary>How drafts are looked up in prompt and answer. Default: what the other options say.</summary>
    public PromptLookupOptions? PromptLookup { get; set; }

    /// <summary>Beam search. Default: what the other options say.</summary>
    public BeamSearchOptions? BeamSearch { get; set; }

    /// <summary>Diverse beam search. Default: what the other options say.</summary>
    public DiverseBeamSearchOptions? DiverseBeamSearch { get; set; }

    /// <summary>Contrastive search. Default: what the other options say.</summary>
    public ContrastiveSearchOptions? ContrastiveSearch { get; set; }

    /// <summary>Classifier-free guidance. Default: what the other options say.</summary>
    public GuidanceOptions? Guidance { get; set; }

    /// <summary>A token guide. Default: what the other options say.</summary>
    public TokenGuideOptions? TokenGuide { get; set; }

    /// <summary>How many answers are drawn, and who judges them. Default: what the other options say.</summary>
    public BestOfOptions? BestOf { get; set; }

    /// <summary>What is traced. Default: what the other options say.</summary>
    public TraceOptions? Trace { get; set; }
}
