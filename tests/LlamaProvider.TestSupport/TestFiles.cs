using System.IO.Compression;
using System.Text.Json;

namespace LlamaProvider.TestSupport;

/// <summary>Where tests find files that are not beside them.</summary>
public static class TestFiles
{
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The pair of tiny models that ships with the repository.</summary>
    public static string PocketChat => Path.Combine(RepositoryRoot, "models", "pocket-chat.Q8_0.gguf");

    public static string PocketDraft => Path.Combine(RepositoryRoot, "models", "pocket-draft.Q8_0.gguf");

    /// <summary>Conversations of the kind that they were trained on.</summary>
    public static string PocketConversations => Path.Combine(RepositoryRoot, "models", "conversations.txt");

    /// <summary>Other models: <c>LLAMA_TEST_MODELS</c>, else the shared folder beside the repository.</summary>
    public static string Models { get; } = Folder("LLAMA_TEST_MODELS", "models");

    /// <summary>Reference outputs: <c>LLAMA_REFERENCE_DIR</c>, else the shared folder beside the repository.</summary>
    public static string Reference { get; } = Folder("LLAMA_REFERENCE_DIR", "golden");

    /// <summary>A file of <see cref="Models"/>; skips the test with the reason where it is absent.</summary>
    public static string RequireModel(params string[] path) => Require(Models, "LLAMA_TEST_MODELS", path);

    /// <summary>A file of <see cref="Reference"/>; skips the test with the reason where it is absent.</summary>
    public static string RequireReference(params string[] path) => Require(Reference, "LLAMA_REFERENCE_DIR", path);

    /// <summary>The rows of a file of <see cref="Reference"/> that holds JSON lines, compressed; skips the test with the reason where it is absent.</summary>
    public static IEnumerable<JsonElement> ReadReferenceRows(string file)
    {
        using var stream = new GZipStream(File.OpenRead(RequireReference(file)), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return JsonElement.Parse(line);
        }
    }

    private static string Require(string folder, string variable, string[] path)
    {
        string file = Path.Combine([folder, .. path]);
        if (!File.Exists(file))
        {
            Xunit.Assert.Skip($"{Path.Combine(path)} is not in the folder of {variable}.");
        }

        return file;
    }

    private static string Folder(string variable, string name) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder
            ? Path.GetFullPath(folder, RepositoryRoot)
            : Path.Combine(RepositoryRoot, "..", "shared", name);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Provider.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository: no folder above has Provider.sln.");
    }
}
