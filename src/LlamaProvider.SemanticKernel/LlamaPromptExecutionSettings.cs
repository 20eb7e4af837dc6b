using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace LlamaProvider.SemanticKernel;

/// <summary>How a prompt is answered: the usual settings as properties, and with <see cref="Use"/> every option of this library.</summary>
/// <remarks>
/// The form is plain JSON under the names that Semantic Kernel knows (<c>temperature</c>, <c>top_p</c>, <c>max_tokens</c> …) and this library's keys (<c>llama.grammar</c>,
/// <c>llama.min_p</c> …), so settings in a prompt template's file mean the same, whether they are read into this type or into its base. A value that is not set means the model's own default.
/// </remarks>
public sealed class LlamaPromptExecutionSettings : PromptExecutionSettings
{
    private float? _temperature;
    private float? _topP;
    private int? _topK;
    private long? _seed;
    private int? _maxTokens;
    private float? _frequencyPenalty;
    private float? _presencePenalty;
    private IList<string>? _stopSequences;
    private object? _responseFormat;

    /// <summary>The most probable token at 0, more varied ones above. Default: what the model file recommends, else 0.8. Range: 0 and more.</summary>
    [JsonPropertyName("temperature")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? Temperature
    {
        get => _temperature;
        set => Set(ref _temperature, value);
    }

    /// <summary>Keeps the most probable tokens whose probabilities add up to this. Default: what the model file recommends, else 0.95. Range: 0 to 1.</summary>
    [JsonPropertyName("top_p")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? TopP
    {
        get => _topP;
        set => Set(ref _topP, value);
    }

    /// <summary>Keeps so many of the most probable tokens. Default: what the model file recommends, else 40. Range: 0 (all) and more.</summary>
    [JsonPropertyName("top_k")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TopK
    {
        get => _topK;
        set => Set(ref _topK, value);
    }

    /// <summary>Of the draws; the same seed gives the same answer. Default: a new one for each request.</summary>
    [JsonPropertyName("seed")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Seed
    {
        get => _seed;
        set => Set(ref _seed, value);
    }

    /// <summary>The most tokens of the answer. Default: no limit but the context's. Range: 1 and more.</summary>
    [JsonPropertyName("max_tokens")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxTokens
    {
        get => _maxTokens;
        set => Set(ref _maxTokens, value);
    }

    /// <summary>Lowers tokens by how often the answer has used them. Default: 0.</summary>
    [JsonPropertyName("frequency_penalty")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? FrequencyPenalty
    {
        get => _frequencyPenalty;
        set => Set(ref _frequencyPenalty, value);
    }

    /// <summary>Lowers tokens that the answer has used. Default: 0.</summary>
    [JsonPropertyName("presence_penalty")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? PresencePenalty
    {
        get => _presencePenalty;
        set => Set(ref _presencePenalty, value);
    }

    /// <summary>Texts that end the answer and are not part of it. Default: none.</summary>
    [JsonPropertyName("stop_sequences")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IList<string>? StopSequences
    {
        get => _stopSequences;
        set => Set(ref _stopSequences, value);
    }

    /// <summary>
    /// <c>text</c>, <c>json_object</c>, or a JSON schema as <see cref="JsonElement"/>, which is enforced. <see cref="Use"/> with <c>UseJsonSchema</c> has more options. Default: text.
    /// </summary>
    [JsonPropertyName("response_format")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? ResponseFormat
    {
        get => _responseFormat;
        set => Set(ref _responseFormat, value);
    }

    /// <summary>Sets options by this library's methods on chat options: <c>settings.Use(options => options.UseGrammar("root ::= \"yes\" | \"no\""))</c>.</summary>
    /// <param name="configure">Sets options on a fresh object. What it sets replaces what is set here; everything else stays.</param>
    /// <returns>These settings.</returns>
    /// <exception cref="OptionNotSupportedException">It sets what prompt execution settings cannot carry, such as tools.</exception>
    public LlamaPromptExecutionSettings Use(Action<ChatOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        ThrowIfFrozen();
        var options = new ChatOptions();
        configure(options);
        RequireCarried(options);
        Temperature = options.Temperature ?? Temperature;
        TopP = options.TopP ?? TopP;
        TopK = options.TopK ?? TopK;
        Seed = options.Seed ?? Seed;
        MaxTokens = options.MaxOutputTokens ?? MaxTokens;
        FrequencyPenalty = options.FrequencyPenalty ?? FrequencyPenalty;
        PresencePenalty = options.PresencePenalty ?? PresencePenalty;
        StopSequences = options.StopSequences ?? StopSequences;
        ModelId = options.ModelId ?? ModelId;
        foreach ((string key, object? value) in options.AdditionalProperties ?? [])
        {
            (ExtensionData ??= new Dictionary<string, object>(StringComparer.Ordinal))[key] = value!;
        }

        return this;
    }

    /// <summary>The settings as this type: themselves if they are, else a copy of all that they carry.</summary>
    /// <param name="settings">Any settings; <see langword="null"/> for none.</param>
    public static LlamaPromptExecutionSettings FromExecutionSettings(PromptExecutionSettings? settings)
    {
        if (settings is null or LlamaPromptExecutionSettings)
        {
            return (LlamaPromptExecutionSettings?)settings ?? new LlamaPromptExecutionSettings();
        }

        LlamaPromptExecutionSettings converted = JsonSerializer.Deserialize<LlamaPromptExecutionSettings>(JsonSerializer.SerializeToElement(settings, settings.GetType()))!;
        // Its functions are live objects, which JSON only names.
        converted.FunctionChoiceBehavior = settings.FunctionChoiceBehavior;
        return converted;
    }

    /// <inheritdoc/>
    public override void Freeze()
    {
        if (!IsFrozen)
        {
            base.Freeze();
            _stopSequences = _stopSequences is null ? null : new ReadOnlyCollection<string>([.. _stopSequences]);
        }
    }

    /// <inheritdoc/>
    public override PromptExecutionSettings Clone() => new LlamaPromptExecutionSettings
    {
        ServiceId = ServiceId,
        ModelId = ModelId,
        FunctionChoiceBehavior = FunctionChoiceBehavior,
        ExtensionData = ExtensionData is null ? null : new Dictionary<string, object>(ExtensionData, StringComparer.Ordinal),
        Temperature = Temperature,
        TopP = TopP,
        TopK = TopK,
        Seed = Seed,
        MaxTokens = MaxTokens,
        FrequencyPenalty = FrequencyPenalty,
        PresencePenalty = PresencePenalty,
        StopSequences = StopSequences is null ? null : [.. StopSequences],
        ResponseFormat = ResponseFormat,
    };

    private static void RequireCarried(ChatOptions options)
    {
        (string Name, bool IsSet, string Remedy)[] others =
        [
            (nameof(options.Tools), options.Tools is not null, $"Add plug-ins to the kernel and set {nameof(FunctionChoiceBehavior)}"),
            (nameof(options.ToolMode), options.ToolMode is not null, $"Set {nameof(FunctionChoiceBehavior)}"),
            (nameof(options.ResponseFormat), options.ResponseFormat is not null, $"Set {nameof(ResponseFormat)}, or call UseJsonSchema"),
            (nameof(options.Instructions), options.Instructions is not null, "Write them into the prompt as a system message"),
            (nameof(options.Reasoning), options.Reasoning is not null, "Call UseThinking or UseThinkingBudget"),
            (nameof(options.ConversationId), options.ConversationId is not null, "Send the whole conversation"),
            (nameof(options.ContinuationToken), options.ContinuationToken is not null, "Leave it unset"),
            (nameof(options.RawRepresentationFactory), options.RawRepresentationFactory is not null, "Call the method of the option that it sets"),
            (nameof(options.AllowMultipleToolCalls), options.AllowMultipleToolCalls is not null, "Set FunctionChoiceBehaviorOptions.AllowParallelCalls"),
        ];
        foreach ((string name, bool isSet, string remedy) in others)
        {
            if (isSet)
            {
                throw new OptionNotSupportedException(name, $"{name} is set, but prompt execution settings cannot carry it. {remedy}.");
            }
        }
    }

    private void Set<T>(ref T field, T value)
    {
        ThrowIfFrozen();
        field = value;
    }
}
