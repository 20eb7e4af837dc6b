using System.Runtime.CompilerServices;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Documentation;

/// <summary>Code of the documents that is code of a test, too.</summary>
internal static class DocumentedCode
{
    /// <summary>A document by its path in the repository.</summary>
    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([TestFiles.RepositoryRoot, .. path])).ReplaceLineEndings("\n");

    /// <summary>The lines of the calling file between the comments <c>&lt;marker&gt;</c> and <c>&lt;/marker&gt;</c> stand in a document as a block of code.</summary>
    public static void AssertIn(string document, string marker, [CallerFilePath] string? path = null)
    {
        string[] example = [.. File.ReadAllLines(path!)
            .SkipWhile(line => line.Trim() != $"// <{marker}>")
            .Skip(1)
            .TakeWhile(line => line.Trim() != $"// </{marker}>")];
        int indentation = example.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        Assert.Contains($"```csharp\n{string.Join("\n", example.Select(line => line.Length > 0 ? line[indentation..] : line))}\n```", document);
    }
}
