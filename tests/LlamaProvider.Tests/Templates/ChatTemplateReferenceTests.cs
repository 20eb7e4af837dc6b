using LlamaProvider.Templates;
using Xunit;

namespace LlamaProvider.Tests.Templates;

[Trait("Category", "Reference")]
public sealed class ChatTemplateReferenceTests
{
    [Fact]
    public void Render_EveryReferenceRow_GivesTheReferencesText()
    {
        var templates = new Dictionary<string, ChatTemplate>();
        var failures = new List<string>();
        var count = 0;
        foreach (var row in ReferenceData.Rows())
        {
            count++;
            var actual = Render(templates, row, out var error);
            if (row.Expected is not null ? actual?.Text != row.Expected : error is null)
            {
                failures.Add($"{row.Template} / {row.Conversation}: {Difference(row.Expected ?? row.Error!, actual?.Text ?? error!.Message)}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {count} rows differ:\n{string.Join('\n', failures)}");
        Assert.True(count > 0, "The reference has no rows.");
    }

    [Fact]
    public void Render_RefusedReferenceRow_SaysWhereAndInTheTemplatesOwnWords()
    {
        const string OwnWords = "TemplateError: ";
        var templates = new Dictionary<string, ChatTemplate>();
        foreach (var row in ReferenceData.Rows().Where(row => row.Error is not null))
        {
            Assert.Null(Render(templates, row, out var error));
            Assert.True(error!.Line > 0 && error.Column > 0, error.Message);
            if (row.Error!.StartsWith(OwnWords, StringComparison.Ordinal))
            {
                Assert.Contains(row.Error[OwnWords.Length..].TrimEnd('.'), error.Message, StringComparison.Ordinal);
            }
        }
    }

    private static RenderedPrompt? Render(Dictionary<string, ChatTemplate> templates, ReferenceRow row, out ChatTemplateException? error)
    {
        try
        {
            if (!templates.TryGetValue(row.Template, out var template))
            {
                templates.Add(row.Template, template = ChatTemplate.Compile(ReferenceData.Template(row.Template)));
            }

            error = null;
            return template.Render(ChatTemplateInput.FromJson(row.Input, row.BosToken, row.EosToken, row.Now));
        }
        catch (ChatTemplateException exception)
        {
            error = exception;
            return null;
        }
    }

    private static string Difference(string expected, string actual)
    {
        var common = expected.AsSpan().CommonPrefixLength(actual);
        return $"at {common} expected '{Excerpt(expected, common)}', got '{Excerpt(actual, common)}'";
    }

    private static string Excerpt(string text, int start) =>
        text[Math.Max(0, start - 20)..Math.Min(text.Length, start + 60)].Replace("\n", "\\n", StringComparison.Ordinal);
}
