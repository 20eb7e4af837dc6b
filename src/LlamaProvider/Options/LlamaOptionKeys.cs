namespace LlamaProvider.Options;

/// <summary>The keys of <see cref="Microsoft.Extensions.AI.ChatOptions.AdditionalProperties"/> that belong to this library.</summary>
internal static class LlamaOptionKeys
{
    /// <summary>Begins every key of this library; keys of others are left alone.</summary>
    public const string Prefix = "llama.";

    /// <summary>A whole sampler pipeline.</summary>
    public const string Samplers = Prefix + "samplers";

    /// <summary>How a request stands among others.</summary>
    public const string Priority = Prefix + "priority";

    /// <summary>What happens to a conversation that is longer than the context.</summary>
    public const string ContextOverflow = Prefix + "context_overflow";

    /// <summary>LoRA adapters and their scales.</summary>
    public const string Adapters = Prefix + "lora";

    /// <summary>A JSON schema that the answer meets.</summary>
    public const string JsonSchema = Prefix + "json_schema";

    /// <summary>How the JSON of a schema is written.</summary>
    public const string JsonSchemaOptions = Prefix + "json_schema_options";

    /// <summary>A GBNF grammar that the answer follows.</summary>
    public const string Grammar = Prefix + "grammar";

    /// <summary>A regular expression that matches the answer.</summary>
    public const string Regex = Prefix + "regex";

    /// <summary>Whether the model reasons.</summary>
    public const string EnableThinking = Prefix + "enable_thinking";

    /// <summary>The most tokens of reasoning.</summary>
    public const string ThinkingBudget = Prefix + "thinking_budget";

    /// <summary>Whether constraints and stop sequences apply to reasoning.</summary>
    public const string ConstrainReasoning = Prefix + "constrain_reasoning";

    /// <summary>Phrases that the answer contains.</summary>
    public const string RequiredPhrases = Prefix + "required_phrases";

    /// <summary>Phrases that the answer does not contain.</summary>
    public const string ForbiddenPhrases = Prefix + "forbidden_phrases";

    /// <summary>How long the answer is.</summary>
    public const string Lengths = Prefix + "lengths";

    /// <summary>Whether text that a constraint forces is appended without asking the model.</summary>
    public const string JumpForward = Prefix + "jump_forward";

    /// <summary>Of embeddings: what the texts are.</summary>
    public const string InputType = Prefix + "input_type";

    /// <summary>Of embeddings: whether texts that are too long are cut.</summary>
    public const string Truncate = Prefix + "truncate";

    /// <summary>A draft model or drafter, and how it is used.</summary>
    public const string SpeculativeDecoding = Prefix + "speculative_decoding";

    /// <summary>How drafts are looked up in prompt and answer.</summary>
    public const string PromptLookup = Prefix + "prompt_lookup";

    /// <summary>Beam search.</summary>
    public const string BeamSearch = Prefix + "beam_search";

    /// <summary>Diverse beam search.</summary>
    public const string DiverseBeamSearch = Prefix + "diverse_beam_search";

    /// <summary>Contrastive search.</summary>
    public const string ContrastiveSearch = Prefix + "contrastive_search";

    /// <summary>Classifier-free guidance.</summary>
    public const string Guidance = Prefix + "guidance";

    /// <summary>A token guide, and how much it counts.</summary>
    public const string TokenGuide = Prefix + "token_guide";

    /// <summary>How many answers are drawn, and who says which is the best.</summary>
    public const string BestOf = Prefix + "best_of";

    /// <summary>What is traced.</summary>
    public const string Trace = Prefix + "trace";

    /// <summary>On an answer's message: how many messages were left out of the prompt.</summary>
    public const string OmittedMessages = Prefix + "omitted_messages";
}
