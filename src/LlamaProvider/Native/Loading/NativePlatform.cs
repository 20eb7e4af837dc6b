using System.Runtime.InteropServices;

namespace LlamaProvider.Native.Loading;

/// <summary>How this platform names its libraries, in .NET and in the npm packages that carry llama.cpp.</summary>
internal sealed record NativePlatform(string RuntimeIdentifier, string PackagePrefix, string LibraryPrefix, string LibraryExtension)
{
    public static NativePlatform Current { get; } = From(
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux",
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());

    public static NativePlatform From(string system, string architecture) => system switch
    {
        "win" => new($"win-{architecture}", $"win-{architecture}", "", ".dll"),
        "osx" => new($"osx-{architecture}", $"mac-{architecture}", "lib", ".dylib"),
        _ => new($"linux-{architecture}", $"linux-{architecture}", "lib", ".so"),
    };
}
