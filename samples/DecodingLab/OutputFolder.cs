using System.Text;

namespace DecodingLab;

/// <summary>The folder that results go to. It is tried before any work, since a tour that cannot be saved is minutes lost.</summary>
internal sealed class OutputFolder
{
    private readonly string _path;

    private OutputFolder(string path) => _path = path;

    /// <exception cref="LabException">Nothing can be written there.</exception>
    public static OutputFolder Open(string path)
    {
        var folder = new OutputFolder(path);
        string probe = Path.Combine(path, $".probe-{Guid.NewGuid():N}");
        Guard(path, () =>
        {
            Directory.CreateDirectory(path);
            File.WriteAllText(probe, "");
            File.Delete(probe);
        });
        return folder;
    }

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string content)
    {
        string file = Path.Combine(_path, name);
        Guard(_path, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        });
        return file;
    }

    private static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new LabException($"--output is '{path}', but nothing can be written there: {error.Message} Name another folder, or allow writing to this one.", error);
        }
    }
}
