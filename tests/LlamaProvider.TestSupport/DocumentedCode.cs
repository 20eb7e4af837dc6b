using System.Runtime.CompilerServices;

namespace LlamaProvider.TestSupport;

/// <summary>Keeps the code of documents equal to code that is compiled and run.</summary>
public static class DocumentedCode
{
    /// <summary>The text of a file, with its lines ended by line feeds.</summary>
    /// <param name="path">Its path in the repository, in parts.</param>
    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([TestFiles.RepositoryRoot, .. path])).ReplaceLineEndings("\n");

    /// <summary>The lines of the calling file between <c>// &lt;marker&gt;</c> and <c>// &lt;/marker&gt;</c> stand in a document as a block of code.</summary>
    /// <param name="document">The document's text.</param>
    /// <param name="marker">The marker's name.</param>
    /// <param name="path">The calling file.</param>
    public static void AssertIn(string document, string marker, [CallerFilePath] string path = "")
    {
        string[] example = [.. File.ReadAllLines(path)
            .SkipWhile(line => line.Trim() != $"// <{marker}>")
            .Skip(1)
            .TakeWhile(line => line.Trim() != $"// </{marker}>")];
        int indentation = example.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        Xunit.Assert.Contains($"```csharp\n{string.Join("\n", example.Select(line => line.Length > 0 ? line[indentation..] : line))}\n```", document);
    }
}
