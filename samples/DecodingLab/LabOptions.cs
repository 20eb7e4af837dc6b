using System.Text.Json;

namespace DecodingLab;

/// <summary>What the command line asks for.</summary>
internal sealed record LabOptions
{
    /// <summary>The model that ships with this repository; the build puts it beside the program.</summary>
    public static string DefaultModelPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "pocket-chat.Q8_0.gguf");

    /// <summary>A smaller model with the same tokens.</summary>
    public static string DefaultDraftPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "pocket-draft.Q8_0.gguf");

    /// <summary>A text for perplexities: conversations that the default model was not trained on.</summary>
    public static string ConversationsPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "conversations.txt");

    public string ModelPath { get; init; } = DefaultModelPath;

    /// <summary>The draft model as asked for; <see langword="null"/> for the default model's own, or none.</summary>
    public string? DraftPath { get; init; }

    /// <summary>Stands in place of every chapter's own prompt.</summary>
    public string? Prompt { get; init; }

    /// <summary>Stands in place of the schema of the chapter on structure.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>The folder that the report and the traces go to.</summary>
    public string Output { get; init; } = "decoding-lab";

    /// <summary>Whether chapters also measure times, which takes minutes.</summary>
    public bool Measure { get; init; }

    /// <summary>Whether measurements are kept short, at the price of their spread.</summary>
    public bool Quick { get; init; }

    /// <summary>Where measurements go as JSON; <see langword="null"/> for nowhere.</summary>
    public string? Json { get; init; }

    public long Seed { get; init; } = 7;

    /// <summary>How often each variant is timed.</summary>
    public int Rounds => Quick ? 3 : 5;

    /// <summary>The draft model in force: the one asked for, or the one that belongs to the default model.</summary>
    public string? Draft => DraftPath ?? (ModelPath == DefaultModelPath ? DefaultDraftPath : null);
}
