using System.Reflection;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Documentation;

/// <summary>docs/options.md names every option that there is.</summary>
public sealed class OptionDocumentationTests
{
    private static readonly string Document = DocumentedCode.Read("docs", "options.md");

    public static TheoryData<string> Keys => [.. typeof(LlamaOptionKeys).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(constant => (string)constant.GetRawConstantValue()!)
        .Where(key => key is not LlamaOptionKeys.Prefix and not LlamaOptionKeys.OmittedMessages)];

    /// <summary>The extension methods that set options.</summary>
    public static TheoryData<string> Methods => [.. typeof(LlamaOptionKeys).Assembly.GetExportedTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(method => method.ReturnType == typeof(ChatOptions) || method.ReturnType == typeof(EmbeddingGenerationOptions))
        .Select(method => method.Name)
        .Distinct()];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Key_InTheDocument_HasARow(string key) => Assert.Single(Document.Split('\n'), line => line.StartsWith('|') && line.Split('|')[2].Contains($"`{key}`", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Method_InTheDocument_HasARow(string method) =>
        Assert.Contains(Document.Split('\n'), line => line.StartsWith('|') && line.Split('|')[1].Contains($"`{method}", StringComparison.Ordinal));
}
