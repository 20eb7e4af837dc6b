using System.Reflection;
using System.Runtime.InteropServices;
using LlamaProvider.Native.Interop;
using LlamaProvider.Native.Logging;

namespace LlamaProvider.Native.Loading;

/// <summary>Loads llama.cpp once for the process: finds it, checks version and layouts, connects the log, loads the back ends.</summary>
internal static unsafe class NativeRuntime
{
    public const string SupportedVersions = "0.4.x and 0.5.x";

    private static readonly Lock Gate = new();
    private static NativeLibraryFiles? _files;
    private static bool _resolverSet;

    /// <summary>The libraries in use, once they are loaded.</summary>
    public static NativeLibraryFiles? Files => Volatile.Read(ref _files);

    /// <summary>Loads the libraries if no call has done so before.</summary>
    /// <param name="explicitDirectory">The folder that the user chose, or <see langword="null"/>.</param>
    /// <exception cref="NativeLibraryException">They are missing, unsuitable, or already loaded from another folder.</exception>
    public static NativeLibraryFiles EnsureLoaded(string? explicitDirectory)
    {
        lock (Gate)
        {
            if (_files is null)
            {
                NativeLibraryFiles files = NativeLibraryLocator.Locate(
                    explicitDirectory,
                    Environment.GetEnvironmentVariable(NativeLibraryLocator.EnvironmentVariable),
                    AppContext.BaseDirectory,
                    NativePlatform.Current);
                Load(files);
                Volatile.Write(ref _files, files);
            }
            else if (!string.IsNullOrEmpty(explicitDirectory) && !SameDirectory(explicitDirectory, _files.Directory))
            {
                throw new NativeLibraryException(
                    $"llama.cpp is already loaded from '{_files.Directory}', so '{explicitDirectory}' cannot be used. " +
                    "A process has one llama.cpp; give every engine the same native directory, or none.");
            }

            return _files;
        }
    }

    internal static void CheckVersion(string version, string file)
    {
        if (!version.StartsWith("0.4.", StringComparison.Ordinal) && !version.StartsWith("0.5.", StringComparison.Ordinal))
        {
            throw new NativeLibraryException(
                $"'{file}' is llama.cpp {version}, but this library supports {SupportedVersions}. " +
                "Use the libraries that the build restores, or name a folder with a supported release.");
        }
    }

    private static void Load(NativeLibraryFiles files)
    {
        nint llama = LoadFile(files.Llama);
        nint ggml = LoadFile(files.Ggml);
        nint ggmlBase = LoadFile(files.GgmlBase);
        SetResolver(llama, ggml, ggmlBase);

        if (!NativeLibrary.TryGetExport(llama, "llama_version", out _))
        {
            throw new NativeLibraryException(
                $"'{files.Llama}' does not say its version (it has no llama_version), so it is older than this library supports ({SupportedVersions}). " +
                "Use the libraries that the build restores, or name a folder with a supported release.");
        }

        string version = Marshal.PtrToStringUTF8((nint)LibLlama.Version()) ?? "";
        CheckVersion(version, files.Llama);
        StructLayoutCheck.Run(llama, version);
        NativeLog.Connect();
        LibLlama.BackendInit();
        LibGgml.BackendLoadAll(files.Directory);
        if (LibGgml.DeviceCount() == 0)
        {
            throw new NativeLibraryException(
                $"llama.cpp in '{files.Directory}' found no device to run on, not even a CPU back end (libggml-cpu-*). " +
                "Copy all files of the release into the folder.");
        }
    }

    private static nint LoadFile(string file)
    {
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new NativeLibraryException(
                $"'{file}' exists but cannot be loaded for {NativePlatform.Current.RuntimeIdentifier}: {error.Message.TrimEnd('.', '\n')}. " +
                "Check that it was built for this platform and that the C++ runtime and drivers it needs are installed.",
                error);
        }
    }

    private static void SetResolver(nint llama, nint ggml, nint ggmlBase)
    {
        // The runtime accepts one resolver an assembly for the life of the process; a second attempt after a failed one keeps it.
        _handles = (llama, ggml, ggmlBase);
        if (!_resolverSet)
        {
            NativeLibrary.SetDllImportResolver(typeof(LibLlama).Assembly, Resolve);
            _resolverSet = true;
        }
    }

    private static (nint Llama, nint Ggml, nint GgmlBase) _handles;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        LibLlama.Library => _handles.Llama,
        LibGgml.Library => _handles.Ggml,
        LibGgml.BaseLibrary => _handles.GgmlBase,
        _ => 0,
    };

    private static bool SameDirectory(string first, string second) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(first)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(second));
}
