using LlamaProvider.Devices;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Documentation;

/// <summary>The code of docs/backends.md is this code, and its values are all there.</summary>
public sealed class BackendDocumentationTests
{
    private static readonly string Document = DocumentedCode.Read("docs", "backends.md");

    [Fact]
    public void SplitModes_InTheDocument_AreAll() =>
        Assert.All(Enum.GetNames<LlamaSplitMode>(), static mode => Assert.Contains($"`{mode}`", Document, StringComparison.Ordinal));

    [Fact]
    public void Devices_AsWritten_AreShown()
    {
        // <devices>
        foreach (LlamaDevice device in LlamaDevices.List())
        {
            Console.WriteLine($"{device.Name}: {device.Description}, {device.Kind}, {device.FreeBytes >> 20} of {device.TotalBytes >> 20} MiB free");
        }

        Console.WriteLine(LlamaDevices.ExplainMissingGpu() ?? "There is a GPU.");
        // </devices>

        DocumentedCode.AssertIn(Document, "devices");
    }
}
