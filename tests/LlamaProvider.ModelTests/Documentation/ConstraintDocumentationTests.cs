using System.Globalization;
using System.Reflection;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Completions;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.JsonSchema.Formats;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Documentation;

/// <summary>docs/constraints.md names everything that there is, with its default.</summary>
public sealed class ConstraintDocumentationTests
{
    private static readonly string Document = DocumentedCode.Read("docs", "constraints.md");

    public static TheoryData<string> Limits => [.. typeof(ConstraintLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Limits))]
    public void Limit_InTheDocument_HasItsDefault(string name)
    {
        string row = Assert.Single(Document.Split('\n'), line => line.StartsWith($"| `{name}` |", StringComparison.Ordinal));
        object value = typeof(ConstraintLimits).GetProperty(name)!.GetValue(ConstraintLimits.Default)!;

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {value:N0} |"), row);
    }

    [Fact]
    public void KeysAndFormats_InTheDocument_AreAll()
    {
        Assert.All(
            (string[])
            [
                LlamaOptionKeys.JsonSchema, LlamaOptionKeys.JsonSchemaOptions, LlamaOptionKeys.Grammar, LlamaOptionKeys.Regex,
                LlamaOptionKeys.RequiredPhrases, LlamaOptionKeys.ForbiddenPhrases, LlamaOptionKeys.Lengths,
            ],
            key => Assert.Contains($"`{key}`", Document));
        Assert.All(StringFormats.Names, format => Assert.Contains($"`{format}`", Document));
        Assert.All(typeof(JsonSchemaOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance), option => Assert.Contains($"| `{option.Name}` | `", Document));
    }

    [Fact]
    public void PhrasesAndLengths_InTheDocument_AreAll()
    {
        Assert.All(typeof(PhraseOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance), option => Assert.Contains($"| `{option.Name}` | `", Document));
        Assert.All(typeof(LengthOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance), option => Assert.Contains($"`{option.Name}`", Document));
        Assert.Contains($"at most {PhraseOptions.MaxRequired} can be required", Document);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"within {RuleCompletions.Limit:N0} states"), Document);
    }

    [Fact]
    public async Task PhraseExample_AsWritten_IsObeyed()
    {
        // <phrases>
        var options = new ChatOptions { MaxOutputTokens = 80 }
            .RequirePhrases(new PhraseOptions { Phrases = ["lighthouse"], IgnoreCase = true })
            .ForbidPhrases("once upon a time")
            .UseLengths(new LengthOptions { MinWords = 10, MaxSentences = 3 });
        // </phrases>
        DocumentedCode.AssertIn(Document, "phrases");

        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = TestFiles.PocketChat, Threads = 1 });
        ChatResponse response = await engine.CreateChatClient().GetResponseAsync("Tell me a story.", options);
        Assert.Contains("lighthouse", response.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public void Errors_InTheDocument_AreTypes()
    {
        string section = Document[Document.IndexOf("## Errors", StringComparison.Ordinal)..Document.IndexOf("## Engine options", StringComparison.Ordinal)];
        string[] named = [.. section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];
        Type[] known = [.. typeof(ConstraintLimits).Assembly.GetExportedTypes(), .. typeof(LlamaEngine).Assembly.GetExportedTypes()];

        Assert.Equal(10, named.Length);
        Assert.All(named, name => Assert.Contains(known, type => type.Name == name && type.IsSubclassOf(typeof(Decoding.LlamaException))));
    }
}
