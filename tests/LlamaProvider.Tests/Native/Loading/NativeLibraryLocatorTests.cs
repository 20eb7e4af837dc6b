using LlamaProvider.Native;
using LlamaProvider.Native.Loading;

namespace LlamaProvider.Tests.Native.Loading;

public sealed class NativeLibraryLocatorTests : IDisposable
{
    private static readonly NativePlatform Linux = NativePlatform.From("linux", "x64");
    private static readonly NativePlatform Windows = NativePlatform.From("win", "x64");
    private readonly string _root = Directory.CreateTempSubdirectory("llama").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("libllama.so", "libggml.so", "libggml-base.so")]
    [InlineData("libllama.v0.5.0.so", "libggml.v0.5.0.so", "libggml-base.so")]
    [InlineData("libllama.cuda.v0.5.0.so", "libggml.cuda.v0.5.0.so", "libggml-base.so")]
    public void FindIn_VersionedNames_AreFoundByPattern(string llama, string ggml, string ggmlBase)
    {
        string folder = Folder("natives", llama, ggml, ggmlBase, "libllama-common.so", "libggml-cpu-x64.so", "llama-addon.node");

        NativeLibraryFiles files = NativeLibraryFiles.FindIn(folder, Linux)!;

        Assert.Equal((llama, ggml, ggmlBase), (Path.GetFileName(files.Llama), Path.GetFileName(files.Ggml), Path.GetFileName(files.GgmlBase)));
    }

    [Fact]
    public void FindIn_WindowsNames_AreFoundByPattern()
    {
        string folder = Folder("natives", "llama.v0.4.0.dll", "ggml.v0.4.0.dll", "ggml-base.dll", "llama-common.dll", "ggml-cpu-x64.dll");

        Assert.Equal("llama.v0.4.0.dll", Path.GetFileName(NativeLibraryFiles.FindIn(folder, Windows)!.Llama));
    }

    [Fact]
    public void FindIn_TwoReleases_IsRefused()
    {
        string folder = Folder("natives", "libllama.v0.4.0.so", "libllama.v0.5.0.so", "libggml.so", "libggml-base.so");

        Assert.Equal(
            $"'{folder}' has 2 files that could be llama: libllama.v0.4.0.so, libllama.v0.5.0.so. A folder must hold one release of llama.cpp; remove the others.",
            Assert.Throws<NativeLibraryException>(() => NativeLibraryFiles.FindIn(folder, Linux)).Message);
    }

    [Fact]
    public void FindIn_PartOfARelease_IsRefused()
    {
        string folder = Folder("natives", "libllama.so", "libggml.so");

        Assert.Equal(
            $"'{folder}' has llama.cpp's main library but no libggml-base*.so. All files of one release must be in one folder; copy the whole folder of the release.",
            Assert.Throws<NativeLibraryException>(() => NativeLibraryFiles.FindIn(folder, Linux)).Message);
    }

    [Fact]
    public void Locate_Precedence_IsOptionThenEnvironmentThenApplicationThenModules()
    {
        string application = Path.Combine(_root, "app", "bin");
        string modules = Release("app/native/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64");
        Directory.CreateDirectory(application);
        Assert.Equal(modules, Locate(null, null));

        string runtimes = Release("app/bin/runtimes/linux-x64/native");
        Assert.Equal(runtimes, Locate(null, null));

        string environment = Release("environment");
        Assert.Equal(environment, Locate(null, environment));

        string chosen = Release("chosen");
        Assert.Equal(chosen, Locate(chosen, environment));

        string Locate(string? option, string? variable) => NativeLibraryLocator.Locate(option, variable, application, Linux).Directory;
    }

    [Fact]
    public void Locate_PublishedFlat_IsFoundBesideTheApplication()
    {
        string application = Release("app");

        Assert.Equal(application, NativeLibraryLocator.Locate(null, null, application, Linux).Directory);
    }

    [Fact]
    public void Locate_OptionWithoutLibraries_IsRefusedAndNothingElseIsTried()
    {
        Release("app");
        string empty = Folder("empty");

        Assert.Equal(
            $"The native directory option names '{empty}', which has no libllama*.so. Name the folder that holds all files of one llama.cpp release, or unset it.",
            Assert.Throws<NativeLibraryException>(() => NativeLibraryLocator.Locate(empty, null, Path.Combine(_root, "app"), Linux)).Message);
        Assert.Equal(
            $"The environment variable LLAMA_NATIVE_DIR names '{empty}', which has no libllama*.so. Name the folder that holds all files of one llama.cpp release, or unset it.",
            Assert.Throws<NativeLibraryException>(() => NativeLibraryLocator.Locate(null, empty, Path.Combine(_root, "app"), Linux)).Message);
    }

    [Fact]
    public void Locate_NothingAnywhere_SaysWhereItLookedAndWhatToDo()
    {
        string application = Folder("app");

        Assert.Equal(
            $"llama.cpp's libraries for linux-x64 were found neither in 'runtimes/linux-x64/native' of '{application}' nor in a node_modules folder above it. " +
            "Build with npm on the path, which restores them, or name a folder that holds them in LlamaEngineOptions.NativeDirectory or in LLAMA_NATIVE_DIR.",
            Assert.Throws<NativeLibraryException>(() => NativeLibraryLocator.Locate(null, null, application, Linux)).Message);
    }

    [Theory]
    [InlineData("0.3.9")]
    [InlineData("0.6.0")]
    [InlineData("")]
    [InlineData("10.5.0")]
    public void CheckVersion_Unsupported_IsRefused(string version) => Assert.Equal(
        $"'x.so' is llama.cpp {version}, but this library supports 0.4.x and 0.5.x. Use the libraries that the build restores, or name a folder with a supported release.",
        Assert.Throws<NativeLibraryException>(() => NativeRuntime.CheckVersion(version, "x.so")).Message);

    private string Release(string path) => Folder(path, "libllama.so", "libggml.so", "libggml-base.so");

    private string Folder(string path, params string[] files)
    {
        string folder = Path.Combine(_root, path);
        Directory.CreateDirectory(folder);
        foreach (string file in files)
        {
            File.WriteAllText(Path.Combine(folder, file), "");
        }

        return folder;
    }
}
