using System.Text.RegularExpressions;
using LlamaProvider.Downloads;

namespace LlamaProvider.Tool.Models;

/// <summary>What users write for models, understood without looking at files.</summary>
internal static partial class ModelNames
{
    private const string HubPrefix = "hf:";
    private const int MostShown = 10;

    // As Ollama writes repositories of the hub.
    private static readonly string[] HubHosts = ["hf.co/", "huggingface.co/"];

    /// <summary>What can be downloaded: an address, or <c>hf:owner/repo…</c>, of which the prefix may be left out.</summary>
    /// <returns><see langword="null"/> for other texts.</returns>
    public static string? ToSource(string text)
    {
        if (LlamaModels.IsRemote(text))
        {
            return text;
        }

        string path = Array.Find(HubHosts, host => text.StartsWith(host, StringComparison.OrdinalIgnoreCase)) is { } found ? text[found.Length..] : text;
        return Repository().IsMatch(path) ? HubPrefix + path : null;
    }

    /// <summary>The model of a name: its whole name, with or without <c>hf:</c>, its repository, or its file's name, with or without <c>.gguf</c>, in any case of letters.</summary>
    /// <returns><see langword="null"/> when no model has it.</returns>
    /// <exception cref="ToolException">Several models have it.</exception>
    public static CachedModel? Find(IReadOnlyList<CachedModel> models, string text)
    {
        CachedModel[] found = [.. models.Where(model => Is(model.Name, text))];
        found = found.Length > 0 ? found : [.. models.Where(model => Spellings(model).Any(spelling => Is(spelling, text)))];
        return found.Length switch
        {
            0 => null,
            1 => found[0],
            _ => throw new ToolException($"'{text}' may be one of {found.Length} models of the cache. Name one of them:{List(found)}"),
        };
    }

    /// <summary>Names to choose from, each on a line of its own.</summary>
    public static string List(IReadOnlyList<CachedModel> models) =>
        string.Concat(models.Take(MostShown).Select(static model => $"\n  {model.Name}")) + (models.Count > MostShown ? $"\n  and {models.Count - MostShown} more" : "");

    private static IEnumerable<string> Spellings(CachedModel model)
    {
        string name = model.Name.StartsWith(HubPrefix, StringComparison.Ordinal) ? model.Name[HubPrefix.Length..] : model.Name;
        string file = name[(name.LastIndexOf('/') + 1)..];
        string[] parts = name.Split('/');
        return parts.Length > 2 ? [name, $"{parts[0]}/{parts[1]}", $"{HubPrefix}{parts[0]}/{parts[1]}", file, Path.GetFileNameWithoutExtension(file)] : [name, file, Path.GetFileNameWithoutExtension(file)];
    }

    private static bool Is(string name, string text) => name.Equals(text, StringComparison.OrdinalIgnoreCase);

    // A path of this machine begins with a dot, a slash, or a drive.
    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_][^/\\\\]*(?:/[^/\\\\]+)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Repository();
}
