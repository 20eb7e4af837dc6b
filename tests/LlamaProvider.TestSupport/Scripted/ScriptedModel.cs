using LlamaProvider.Decoding.Model;

namespace LlamaProvider.TestSupport.Scripted;

/// <summary>Writes the logits of the token that follows a prefix.</summary>
public delegate void LogitsFunction(ReadOnlySpan<int> prefix, Span<float> logits);

/// <summary>A language model that is a function from prefix to logits. Deterministic, exact, and independent of how tokens are batched.</summary>
public sealed class ScriptedModel : ILanguageModel
{
    public ScriptedModel(Vocabulary vocabulary, LogitsFunction logits, int hiddenSize = 8)
    {
        Vocabulary = vocabulary;
        Logits = logits;
        Tokenizer = new ScriptedTokenizer(vocabulary);
        Description = new ModelDescription
        {
            Name = "scripted",
            Architecture = "scripted",
            HiddenSize = hiddenSize,
            TrainedContextLength = 4096,
        };
    }

    public LogitsFunction Logits { get; }

    public ModelDescription Description { get; }

    public Vocabulary Vocabulary { get; }

    public ITokenizer Tokenizer { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public string? ChatTemplate { get; init; }

    public ModelCapabilities Capabilities { get; init; } = ModelCapabilities.All;

    /// <summary>What goes wrong, and what is counted, in the contexts of this model.</summary>
    public ScriptedFaults Faults { get; } = new();

    /// <summary>A model over bytes and words whose logits are a fixed pseudo-random function of the prefix.</summary>
    public static ScriptedModel PseudoRandom(Vocabulary vocabulary) => new(vocabulary, HashLogits);

    public IModelContext CreateContext(ContextOptions options)
    {
        options.Validate();
        return new ScriptedContext(this, options);
    }

    private static void HashLogits(ReadOnlySpan<int> prefix, Span<float> logits)
    {
        uint state = ScriptedContext.Hash(prefix);
        for (int token = 0; token < logits.Length; token++)
        {
            state = (state * 1664525) + 1013904223;
            logits[token] = (state >> 8) / (float)(1 << 24) * 10f;
        }
    }
}
