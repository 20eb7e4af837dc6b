namespace LlamaProvider.Downloads.Hub;

/// <summary>Which of a repository's files is the model of a quantization, by their names, as llama.cpp's <c>-hf</c> reads them.</summary>
/// <remarks>
/// The quantization stands in the path between borders: <c>model-Q4_K_M.gguf</c>, <c>model.Q4_K_M-00001-of-00002.gguf</c>, <c>Q4_K_M/model.gguf</c>. So <c>Q4_K_M</c> is not found in <c>IQ4_K_M</c>. llama.cpp takes the
/// first of several files, and any file where none has a usual quantization; here both are errors, since a wrong model is noticed late.
/// </remarks>
internal static class QuantizationChoice
{
    /// <summary>What is looked for, in this order, when nothing is asked for.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["Q4_K_M", "Q8_0"];

    private const int MostShown = 20;

    // Files beside a model: projectors of images, importance matrices, heads that draft.
    private static readonly string[] OtherKinds = ["mmproj", "imatrix", "mtp-", "eagle3-", "dflash-", "dspark-"];

    /// <summary>Chooses a file.</summary>
    /// <param name="source">What was asked for, for errors.</param>
    /// <param name="reference">The same, understood.</param>
    /// <param name="paths">All files of the repository, or those of it that the cache has.</param>
    /// <param name="place">Where these files are, for errors: <c>the repository</c>, or <c>the cache</c>.</param>
    /// <returns>The path of the file; of a model in several files the first.</returns>
    /// <exception cref="ModelDownloadException">No file has the quantization, or several have.</exception>
    public static string Choose(string source, HubReference reference, IEnumerable<string> paths, string place)
    {
        string[] models = [.. paths.Where(IsModel).Order(StringComparer.Ordinal)];
        if (models.Length == 0)
        {
            throw new ModelDownloadException(source, $"{place} has no GGUF file of a model for '{reference.Repository}'. Choose a repository with GGUF files; their names often end with -GGUF.");
        }

        string[] wanted = reference.Quantization is { } quantization ? [quantization] : [.. Usual];
        foreach (string name in wanted)
        {
            string[] found = [.. models.Where(path => Has(path, name))];
            if (found.Length > 1)
            {
                throw new ModelDownloadException(source, $"{place} has {found.Length} files of {name}. Name one of them:{List(reference, found)}");
            }

            if (found.Length == 1)
            {
                return found[0];
            }
        }

        throw new ModelDownloadException(source, $"{place} has no file of {string.Join(" or ", wanted)}. Name one of its files:{List(reference, models)}");
    }

    private static bool IsModel(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
            && !Array.Exists(OtherKinds, kind => name.Contains(kind, StringComparison.OrdinalIgnoreCase))
            && SplitName.Parse(path) is null or { Number: 1 };
    }

    private static bool Has(string path, string quantization)
    {
        for (int at = path.IndexOf(quantization, StringComparison.OrdinalIgnoreCase); at >= 0; at = path.IndexOf(quantization, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            int end = at + quantization.Length;
            if ((at == 0 || path[at - 1] is '-' or '.' or '/') && end < path.Length && path[end] is '-' or '.' or '/')
            {
                return true;
            }
        }

        return false;
    }

    private static string List(HubReference reference, string[] paths) =>
        string.Concat(paths.Take(MostShown).Select(path => $"\n  {reference.ToSource(path)}")) + (paths.Length > MostShown ? $"\n  and {paths.Length - MostShown} more" : "");
}
