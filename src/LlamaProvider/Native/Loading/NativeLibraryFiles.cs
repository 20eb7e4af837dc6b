namespace LlamaProvider.Native.Loading;

/// <summary>One folder with one release of llama.cpp, and the files in it that are loaded by name.</summary>
internal sealed record NativeLibraryFiles(string Directory, string Llama, string Ggml, string GgmlBase)
{
    /// <summary>
    /// Finds the files by pattern, since releases put their version and back end into the names
    /// (<c>libllama.v0.5.0.so</c>, <c>llama.v0.4.0.dll</c>, <c>libllama.cuda.v0.5.0.so</c>, <c>libllama.dylib</c>).
    /// </summary>
    /// <returns>The files, or <see langword="null"/> when the folder has no llama.cpp.</returns>
    /// <exception cref="NativeLibraryException">The folder has a part of a release, or several.</exception>
    public static NativeLibraryFiles? FindIn(string directory, NativePlatform platform)
    {
        if (!System.IO.Directory.Exists(directory))
        {
            return null;
        }

        string? llama = FindOne(directory, "llama", platform);
        if (llama is null)
        {
            return null;
        }

        return new NativeLibraryFiles(
            directory,
            llama,
            FindOne(directory, "ggml", platform) ?? throw Incomplete(directory, "ggml", platform),
            FindOne(directory, "ggml-base", platform) ?? throw Incomplete(directory, "ggml-base", platform));
    }

    private static string? FindOne(string directory, string library, NativePlatform platform)
    {
        string prefix = $"{platform.LibraryPrefix}{library}.";
        string[] files =
        [
            .. System.IO.Directory.EnumerateFiles(directory)
                .Where(file => Path.GetFileName(file).StartsWith(prefix, StringComparison.Ordinal))
                .Where(file => file.EndsWith(platform.LibraryExtension, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
        return files.Length switch
        {
            0 => null,
            1 => files[0],
            _ => throw new NativeLibraryException(
                $"'{directory}' has {files.Length} files that could be {library}: {string.Join(", ", files.Select(Path.GetFileName))}. " +
                "A folder must hold one release of llama.cpp; remove the others."),
        };
    }

    private static NativeLibraryException Incomplete(string directory, string library, NativePlatform platform) => new(
        $"'{directory}' has llama.cpp's main library but no {platform.LibraryPrefix}{library}*{platform.LibraryExtension}. " +
        "All files of one release must be in one folder; copy the whole folder of the release.");
}
