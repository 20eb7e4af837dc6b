using System.Runtime.InteropServices;
using System.Text;
using LLama.Native;

namespace LlamaProvider.LLamaSharp.Natives;

/// <summary>Points LLamaSharp to a folder with one release of llama.cpp and loads its back ends, once a process.</summary>
/// <remarks>An application references a back-end package of LLamaSharp instead, which needs none of this.</remarks>
internal static unsafe class SharpNatives
{
    /// <summary>The folder, for test processes, which have no command line of their own.</summary>
    public const string EnvironmentVariable = "LLAMASHARP_NATIVE_DIR";

    public static void Load(string folder)
    {
        NativeLibraryConfig.LLama.WithLibrary(Find(folder, "libllama.*"));
        NativeLogConfig.llama_log_set(static (level, text) =>
        {
            if (level >= LLamaLogLevel.Error)
            {
                Console.Error.Write(text);
            }
        });

        // The CPU's back end is a library of its own in these releases, and LLamaSharp expects it linked.
        nint ggml = NativeLibrary.Load(Find(folder, "libggml.*"));
        var load = (delegate* unmanaged[Cdecl]<byte*, void>)NativeLibrary.GetExport(ggml, "ggml_backend_load_all_from_path");
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + '\0'))
        {
            load(path);
        }
    }

    private static string Find(string folder, string pattern) => Directory.GetFiles(folder, pattern) is [string file]
        ? file
        : throw new ArgumentException($"'{folder}' must have one file {pattern}: name a folder with one release of llama.cpp.", nameof(folder));
}
