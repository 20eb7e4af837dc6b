using System.Text;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.TestSupport.Scripted;

/// <summary>Writes the logits of the token that follows a prefix.</summary>
public delegate void LogitsFunction(ReadOnlySpan<int> prefix, Span<float> logits);

/// <summary>A language model that is a function from prefix to logits. Deterministic, exact, and independent of how tokens are batched.</summary>
public sealed class ScriptedModel : ILanguageModel
{
    /// <summary>A logit so much larger than 0 that no pipeline chooses anything else.</summary>
    private const float Certain = 40;

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

    /// <summary>Names of adapters. Each changes the logits of every text of which a token was evaluated with it.</summary>
    public IReadOnlyCollection<string> Adapters { get; init; } = [];

    public ModelCapabilities Capabilities { get; init; } = ModelCapabilities.All;

    /// <summary>What goes wrong, and what is counted, in the contexts of this model.</summary>
    public ScriptedFaults Faults { get; } = new();

    /// <summary>A model over bytes and words whose logits are a fixed pseudo-random function of the prefix.</summary>
    public static ScriptedModel PseudoRandom(Vocabulary vocabulary, ModelCapabilities? capabilities = null) =>
        new(vocabulary, HashLogits) { Capabilities = capabilities ?? ModelCapabilities.All };

    /// <summary>The chat template of <see cref="Answering"/>: each message is a turn, and an open turn follows.</summary>
    public const string TurnTemplate = "{% for m in messages %}<turn>{{ m.role }}:{{ m.content }}{% endfor %}<turn>";

    /// <summary>
    /// A chat model that answers each prompt with the text that a function says, token by token, and then ends its turn.
    /// The function gets the prompt as text, with <c>&lt;turn&gt;</c> where the control token stands.
    /// </summary>
    public static ScriptedModel Answering(Vocabulary vocabulary, Func<string, string> answer)
    {
        var tokenizer = new ScriptedTokenizer(vocabulary);
        return new ScriptedModel(vocabulary, (prefix, logits) =>
        {
            int open = prefix.LastIndexOf(1);
            string prompt = Decode(vocabulary, prefix[..(open + 1)]);
            var tokens = new List<int>();
            tokenizer.EncodeText(Encoding.UTF8.GetBytes(answer(prompt)), tokens);
            int said = prefix.Length - open - 1;
            logits.Clear();
            logits[said < tokens.Count ? tokens[said] : 0] = Certain;
        })
        {
            ChatTemplate = TurnTemplate,
        };
    }

    /// <summary>The logits that follow a prefix of which all tokens were evaluated with some adapters.</summary>
    public void LogitsWith(AdapterSet adapters, ReadOnlySpan<int> prefix, Span<float> logits)
    {
        Logits(prefix, logits);
        int[] salts = new int[prefix.Length];
        Array.Fill(salts, unchecked((int)ScriptedContext.Salt(adapters)));
        ScriptedContext.AddSalt(salts, logits);
    }

    private static string Decode(Vocabulary vocabulary, ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>();
        foreach (int token in tokens)
        {
            bytes.AddRange(vocabulary.GetBytes(token));
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

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
