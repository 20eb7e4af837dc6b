using LlamaProvider.Models;
using LlamaProvider.Models.Gguf;
using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

/// <summary>A folder for the files of one test, and the two questions that tests of rules ask.</summary>
public abstract class GgufTestBase : IDisposable
{
    private protected const string CopyAgain = "The file is damaged or incomplete: download or copy it again.";

    private protected const string ConvertAgain =
        "The file is damaged or was converted wrongly: download it again, or convert it again with a current llama.cpp.";

    private protected const string TooNew =
        "The file needs a newer llama.cpp than v0.5.0, or is damaged: choose another quantization of the model or download it again.";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gguf");

    private protected string Folder => _folder.FullName;

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected string Write(byte[] bytes, string name = "model.gguf")
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private protected string Write(GgufWriter writer, string name = "model.gguf") => Write(writer.ToBytes(), name);

    private protected void AssertAccepted(GgufWriter writer) => GgufValidator.Validate(Write(writer));

    private protected void AssertRefused(GgufWriter writer, string problem) => AssertRefused(Write(writer), problem);

    private protected static void AssertRefused(string path, string problem, string? culprit = null)
    {
        var error = Assert.Throws<ModelLoadException>(() => GgufValidator.Validate(path));
        Assert.Equal($"Cannot load the model '{culprit ?? path}': {problem}", error.Message);
        Assert.Equal(culprit ?? path, error.Path);
    }
}
