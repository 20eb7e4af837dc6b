using System.CommandLine;

namespace LlamaProvider.Tool.Commands;

/// <summary>Options that several commands have.</summary>
internal sealed class SharedOptions
{
    public Option<bool> Json { get; } = new("--json") { Description = "JSON instead of a table, for programs." };

    public Option<string> Cache { get; } = new("--cache") { HelpName = "FOLDER", Description = "Where models are kept. Default: the folder of llama.cpp's tools; 'doctor' says which.", Recursive = true };

    public Option<bool> Offline { get; } = new("--offline") { Description = "Look at the cache alone.", Recursive = true };

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Logs, and errors with stack traces, on standard error.", Recursive = true };

    public static Option<int?> Threads(string name = "--threads", string purpose = "Threads to compute with. Default: the physical cores, but 1 for a model below 32 MiB.") =>
        NumberOption.Create<int>(name, "N", purpose, "a whole number from 1 to 512", static n => n is >= 1 and <= 512);

    public static Option<int?> Context() =>
        NumberOption.Create<int>("--context", "N", "Tokens that the context holds. Default: what the model was trained with, at most 8192.", "a whole number, 1 or more", static n => n >= 1);
}
