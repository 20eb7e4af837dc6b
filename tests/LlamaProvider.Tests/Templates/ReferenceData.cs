using System.Globalization;
using System.Text.Json;
using Xunit;

namespace LlamaProvider.Tests.Templates;

/// <summary>
/// What transformers renders, from the folder in the environment variable LLAMA_REFERENCE_DIR, or beside the repository.
/// </summary>
internal static class ReferenceData
{
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("LLAMA_REFERENCE_DIR") ?? Path.Combine(RepositoryRoot(), "..", "shared", "golden");

    private static string TemplateFolder => Path.Combine(Folder, "..", "data", "templates");

    public static string Template(string name) => File.ReadAllText(Path.Combine(TemplateFolder, name));

    public static IEnumerable<ReferenceRow> Rows() => File.ReadLines(Path.Combine(Folder, "chat-templates.jsonl")).Select(ReferenceRow.Parse);

    /// <summary>Skips the running test where the folder is absent.</summary>
    public static void Require() => Assert.SkipUnless(
        File.Exists(Path.Combine(Folder, "chat-templates.jsonl")), $"No reference data in '{Folder}': set LLAMA_REFERENCE_DIR.");

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Provider.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}

/// <summary>One rendering of the reference: a template, an input, and the text or the error.</summary>
internal sealed record ReferenceRow(
    string Template, string Conversation, JsonElement Input, string BosToken, string EosToken, DateTimeOffset Now, string? Expected, string? Error)
{
    public static ReferenceRow Parse(string line)
    {
        var row = JsonDocument.Parse(line).RootElement;
        return new ReferenceRow(
            row.GetProperty("template").GetString()!,
            row.GetProperty("conversation").GetString()!,
            row.GetProperty("input"),
            row.GetProperty("bos_token").GetString()!,
            row.GetProperty("eos_token").GetString()!,
            DateTimeOffset.Parse(row.GetProperty("now").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            row.TryGetProperty("expected", out var expected) ? expected.GetString() : null,
            row.TryGetProperty("error", out var error) ? error.GetString() : null);
    }
}
