using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace AgentConsole.Tools;

/// <summary>Looks into the files of a folder, and nowhere else. Hidden files, links and what is no text are left out.</summary>
internal sealed class FileTools(string folder)
{
    /// <summary>The most files whose names are listed in the tool's schema, so that a model can name no file that is not there.</summary>
    public const int MostListed = 100;

    private const int MostHits = 20;
    private const int MostCharacters = 4000;
    private const int LargestFile = 1 << 20;

    private static readonly EnumerationOptions Visible = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 12,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    private readonly string _root = Path.GetFullPath(folder);

    public IEnumerable<AIFunction> ToFunctions() =>
    [
        WithNames(AIFunctionFactory.Create(Find, "find_file", "Finds a file, and gives its beginning.")),
        AIFunctionFactory.Create(Search, "search_files", "Searches the text of all files."),
    ];

    private string Find([Description("The file's name.")] string id)
    {
        string[] found = [.. Names().Where(name => name.Contains(id, StringComparison.OrdinalIgnoreCase))];
        string? exact = found.FirstOrDefault(name => string.Equals(name, id, StringComparison.OrdinalIgnoreCase));
        return (exact ?? (found.Length == 1 ? found[0] : null)) switch
        {
            { } name => ReadBeginning(name),
            null when found.Length == 0 => $"There is no file {id}.",
            null => $"Several files: {string.Join(", ", found.Take(MostHits))}",
        };
    }

    private string Search([Description("What to look for.")] string text)
    {
        IEnumerable<string> hits = Names().SelectMany(name => ReadLines(name)
            .Select((line, index) => (Line: line, Number: index + 1))
            .Where(line => line.Line.Contains(text, StringComparison.OrdinalIgnoreCase))
            .Select(line => string.Create(CultureInfo.InvariantCulture, $"{name}:{line.Number}: {line.Line.Trim()}")));
        string[] first = [.. hits.Take(MostHits)];
        return first.Length == 0 ? $"No file has the text '{text}'." : string.Join('\n', first);
    }

    private IEnumerable<string> Names() => Directory.EnumerateFiles(_root, "*", Visible)
        .Select(path => Path.GetRelativePath(_root, path).Replace('\\', '/'))
        .Where(static name => !name.Split('/').Any(static part => part is "bin" or "obj" or "node_modules" || part.StartsWith('.')))
        .Order(StringComparer.Ordinal);

    private string ReadBeginning(string name)
    {
        string text = string.Join('\n', ReadLines(name));
        return text.Length switch
        {
            0 => $"{name} is empty, or no text.",
            > MostCharacters => $"{text[..MostCharacters]} … ({name} goes on)",
            _ => text,
        };
    }

    private string[] ReadLines(string name)
    {
        string path = Path.Combine(_root, name);
        try
        {
            return new FileInfo(path).Length > LargestFile || File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true)) is var text && text.Contains('\0')
                ? []
                : text.Split('\n').Select(static line => line.TrimEnd('\r')).ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            return [];
        }
    }

    /// <summary>The function, with the names of the files as the only values of its argument when they are few enough.</summary>
    private AIFunction WithNames(AIFunction find)
    {
        string[] names = [.. Names().Take(MostListed + 1)];
        if (names.Length is 0 or > MostListed)
        {
            return find;
        }

        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["id"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. names.Select(static name => (JsonNode)name)]) } },
            ["required"] = new JsonArray("id"),
        };
        return new WithSchema(find, JsonElement.Parse(schema.ToJsonString()));
    }

    private sealed class WithSchema(AIFunction function, JsonElement schema) : DelegatingAIFunction(function)
    {
        public override JsonElement JsonSchema => schema;
    }
}
