namespace SemanticKernelApp;

/// <summary>What a run of the program does.</summary>
/// <param name="Folder">The documents.</param>
/// <param name="Question">What is asked; <see langword="null"/> to ask for questions.</param>
/// <param name="ModelPath">The model that answers.</param>
/// <param name="EmbeddingModelPath">The model that compares texts; <see langword="null"/> for the one that answers.</param>
internal sealed record AppOptions(string Folder, string? Question, string ModelPath, string? EmbeddingModelPath)
{
    public static string ExampleFolder { get; } = Path.Combine(AppContext.BaseDirectory, "example");

    public static string DefaultModel { get; } = Path.Combine(AppContext.BaseDirectory, "models", "pocket-chat.Q8_0.gguf");
}
