using System.Reflection;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat.Messages;

/// <summary>docs/messages.md says what becomes of everything that Microsoft.Extensions.AI has: a new content or option fails here until it has its rule.</summary>
public sealed class MessageDocumentationTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(TestFiles.RepositoryRoot, "docs", "messages.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Contents_InTheDocument_AreAll() => Assert.Equal(
        typeof(AIContent).Assembly.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(AIContent))).Select(type => type.Name).Order(StringComparer.Ordinal),
        FirstColumn("## Contents").Order(StringComparer.Ordinal));

    [Fact]
    public void Options_InTheDocument_AreAll() => Assert.Equal(
        typeof(ChatOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name).Order(StringComparer.Ordinal),
        FirstColumn("## ChatOptions").Order(StringComparer.Ordinal));

    private static IEnumerable<string> FirstColumn(string heading)
    {
        string section = Document[Document.IndexOf(heading, StringComparison.Ordinal)..];
        return section.Split('\n').SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.StartsWith('|'))
            .SelectMany(line => line.Split('|')[1].Split('`').Where((_, index) => index % 2 == 1));
    }
}
