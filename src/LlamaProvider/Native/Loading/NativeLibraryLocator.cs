namespace LlamaProvider.Native.Loading;

/// <summary>
/// Decides which folder llama.cpp's libraries are taken from: the explicit option, else the environment, else what the build put beside the
/// application, else the npm packages in a <c>node_modules</c> folder above it.
/// </summary>
internal static class NativeLibraryLocator
{
    public const string EnvironmentVariable = "LLAMA_NATIVE_DIR";

    public static NativeLibraryFiles Locate(string? explicitDirectory, string? environmentDirectory, string applicationDirectory, NativePlatform platform)
    {
        if (!string.IsNullOrEmpty(explicitDirectory))
        {
            return Require(explicitDirectory, "The native directory option", platform);
        }

        if (!string.IsNullOrEmpty(environmentDirectory))
        {
            return Require(environmentDirectory, $"The environment variable {EnvironmentVariable}", platform);
        }

        return Candidates(applicationDirectory, platform)
            .Select(directory => NativeLibraryFiles.FindIn(directory, platform))
            .FirstOrDefault(files => files is not null)
            ?? throw new NativeLibraryException(
                $"llama.cpp's libraries for {platform.RuntimeIdentifier} were found neither in 'runtimes/{platform.RuntimeIdentifier}/native' of " +
                $"'{applicationDirectory}' nor in a node_modules folder above it. Build with npm on the path, which restores them, " +
                $"or name a folder that holds them in LlamaEngineOptions.NativeDirectory or in {EnvironmentVariable}.");
    }

    private static NativeLibraryFiles Require(string directory, string source, NativePlatform platform) =>
        NativeLibraryFiles.FindIn(directory, platform)
        ?? throw new NativeLibraryException(
            $"{source} names '{directory}', which has no {platform.LibraryPrefix}llama*{platform.LibraryExtension}. " +
            "Name the folder that holds all files of one llama.cpp release, or unset it.");

    private static IEnumerable<string> Candidates(string applicationDirectory, NativePlatform platform)
    {
        yield return Path.Combine(applicationDirectory, "runtimes", platform.RuntimeIdentifier, "native");

        // A publish for one runtime identifier puts native files beside the application.
        yield return applicationDirectory;

        for (DirectoryInfo? parent = new(applicationDirectory); parent is not null; parent = parent.Parent)
        {
            foreach (string modules in new[] { "node_modules", Path.Combine("native", "node_modules") })
            {
                string scope = Path.Combine(parent.FullName, modules, "@node-llama-cpp");
                foreach (string package in PackagesOf(scope, platform))
                {
                    yield return Path.Combine(package, "bins", Path.GetFileName(package));
                }
            }
        }
    }

    private static IEnumerable<string> PackagesOf(string scope, NativePlatform platform) =>
        Directory.Exists(scope)
            ? Directory.EnumerateDirectories(scope, $"{platform.PackagePrefix}*").Order(StringComparer.Ordinal)
            : [];
}
