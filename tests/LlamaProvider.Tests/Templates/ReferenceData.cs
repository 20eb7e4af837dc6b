using System.Globalization;
using System.Text.Json;
using LlamaProvider.TestSupport;

namespace LlamaProvider.Tests.Templates;

/// <summary>
/// What transformers renders. The templates lie in <c>../data/templates</c> of the reference folder.
/// </summary>
internal static class ReferenceData
{
    private static string TemplateFolder => Path.Combine(TestFiles.Reference, "..", "data", "templates");

    public static string Template(string name) => File.ReadAllText(Path.Combine(TemplateFolder, name));

    /// <summary>All templates; skips the test with the reason where they are absent.</summary>
    public static IReadOnlyList<string> TemplateNames()
    {
        if (!Directory.Exists(TemplateFolder))
        {
            Assert.Skip("The folder data/templates is not beside the folder of LLAMA_REFERENCE_DIR.");
        }

        return [.. Directory.GetFiles(TemplateFolder, "*.jinja").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
    }

    public static IEnumerable<ReferenceRow> Rows() => File.ReadLines(TestFiles.RequireReference("chat-templates.jsonl")).Select(ReferenceRow.Parse);
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
