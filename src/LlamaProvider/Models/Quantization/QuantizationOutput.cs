using System.Globalization;
using LlamaProvider.Models.Gguf;

namespace LlamaProvider.Models.Quantization;

/// <summary>The file that is written: beside its place first, and there when it is whole.</summary>
internal sealed class QuantizationOutput : IDisposable
{
    private readonly string _target;
    private readonly bool _overwrite;
    private readonly Func<string, Exception?, QuantizationException> _error;

    private QuantizationOutput(string target, bool overwrite, Func<string, Exception?, QuantizationException> error)
    {
        _target = target;
        _overwrite = overwrite;
        _error = error;
        string name = $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp";
        TemporaryPath = Path.Combine(Path.GetDirectoryName(target)!, name);
    }

    /// <summary>Where to write.</summary>
    public string TemporaryPath { get; }

    /// <summary>Checks the place and creates an empty file beside it, so that what forbids writing is known before the work.</summary>
    /// <param name="path">The place.</param>
    /// <param name="inputs">Files that it must not replace.</param>
    /// <param name="overwrite">Whether it may replace another one.</param>
    /// <param name="error">Makes the error of a problem.</param>
    public static QuantizationOutput Create(string path, IReadOnlyList<string> inputs, bool overwrite, Func<string, Exception?, QuantizationException> error)
    {
        string target = Path.GetFullPath(path);
        StringComparer comparer = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        if (inputs.Select(Resolve).Contains(Resolve(target), comparer))
        {
            throw error("the output is the input, which would be lost. Choose another path.", null);
        }

        if (Directory.Exists(target))
        {
            throw error("the output is a directory. Give the path of a file in it.", null);
        }

        if (File.Exists(target) && !overwrite)
        {
            throw error($"the output exists already. Set {nameof(QuantizationOptions.Overwrite)}, or choose another path.", null);
        }

        var output = new QuantizationOutput(target, overwrite, error);
        output.Reserve();
        return output;
    }

    /// <summary>Refuses to begin what the disk cannot hold.</summary>
    public void RequireRoom(long bytes) => RequireRoom(bytes, new DriveInfo(Path.GetDirectoryName(_target)!).AvailableFreeSpace, _error);

    internal static void RequireRoom(long bytes, long available, Func<string, Exception?, QuantizationException> error)
    {
        if (bytes > available)
        {
            throw error(
                string.Create(CultureInfo.InvariantCulture, $"the output needs {bytes} bytes, but the disk has room for {available}. Free some, or choose a smaller type or another disk."), null);
        }
    }

    /// <summary>Reads the file back by the rules of loading, and moves it to its place.</summary>
    /// <returns>Its bytes.</returns>
    public long Complete()
    {
        try
        {
            GgufValidator.Validate(TemporaryPath);
            long bytes = new FileInfo(TemporaryPath).Length;
            File.Move(TemporaryPath, _target, _overwrite);
            return bytes;
        }
        catch (ModelLoadException damaged)
        {
            throw _error($"what llama.cpp wrote is not whole: {damaged.Problem} Check that the disk has room and works.", damaged);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw _error($"the finished file cannot take its place ({failed.Message.TrimEnd('.')}). Check that nothing else writes there.", failed);
        }
    }

    /// <summary>Deletes what has not been completed.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(TemporaryPath);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // The error or the cancellation that brought us here says more than that a temporary file is left.
        }
    }

    private static string Resolve(string path) => File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;

    private void Reserve()
    {
        try
        {
            using (File.Open(TemporaryPath, FileMode.CreateNew))
            {
            }
        }
        catch (DirectoryNotFoundException missing)
        {
            throw _error("the output's folder does not exist. Create it, or choose another path.", missing);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw _error($"nothing can be written into the output's folder ({failed.Message.TrimEnd('.')}). Grant write access, or choose another path.", failed);
        }
    }
}
