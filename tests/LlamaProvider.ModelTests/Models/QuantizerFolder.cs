using LlamaProvider.Models.Quantization;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Models;

/// <summary>A folder with the embedded models as floats, made once for a test class.</summary>
public sealed class QuantizerFolder : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("quantize").FullName;

    public string Chat => File("chat.F32.gguf");

    public string Draft => File("draft.F32.gguf");

    public string File(string name) => Path.Combine(_folder, name);

    public async ValueTask InitializeAsync()
    {
        var again = new QuantizationOptions { AllowRequantize = true, Threads = 1 };
        await LlamaQuantizer.QuantizeAsync(TestFiles.PocketChat, Chat, QuantizationType.F32, again);
        await LlamaQuantizer.QuantizeAsync(TestFiles.PocketDraft, Draft, QuantizationType.F32, again);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return default;
    }
}
