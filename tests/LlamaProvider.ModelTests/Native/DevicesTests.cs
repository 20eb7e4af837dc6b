using LlamaProvider.Chat;
using LlamaProvider.Devices;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Native;

/// <summary>The devices of llama.cpp on this machine, whatever they are.</summary>
public sealed class DevicesTests
{
    [Fact]
    public void List_AnyMachine_HasTheProcessor()
    {
        IReadOnlyList<LlamaDevice> devices = LlamaDevices.List();

        LlamaDevice cpu = Assert.Single(devices, static device => device.Kind == LlamaDeviceKind.Cpu);
        Assert.Equal("CPU", cpu.BackEnd);
        Assert.NotEmpty(cpu.Description);
        Assert.InRange(cpu.FreeBytes, 1, cpu.TotalBytes);
        Assert.Equal(devices.Any(static device => device.IsGpu), LlamaDevices.ExplainMissingGpu() is null);
    }

    [Fact]
    public async Task GetDevices_EngineOnAFile_AreThoseOfLlamaCpp()
    {
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new LlamaEngineOptions { ModelPath = TestFiles.PocketDraft }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(LlamaDevices.List().Select(static device => device.Name), engine.GetDevices().Select(static device => device.Name));
    }

    [Fact]
    public async Task LoadAsync_MainDeviceThatIsNotThere_SaysWhatIs()
    {
        var options = new LlamaEngineOptions { ModelPath = TestFiles.PocketDraft, MainDevice = "CUDA99" };

        InvalidOptionsException error = await Assert.ThrowsAsync<InvalidOptionsException>(() => LlamaEngine.LoadAsync(options, cancellationToken: TestContext.Current.CancellationToken));

        string[] gpus = [.. LlamaDevices.List().Where(static device => device.IsGpu).Select(static device => device.Name)];
        Assert.Equal(
            gpus.Length == 0
                ? $"MainDevice is 'CUDA99', but there is no GPU: {LlamaDevices.ExplainMissingGpu()} Or leave the option unset, which uses the CPU where there is no GPU."
                : $"MainDevice is 'CUDA99', but the GPUs here are {string.Join(", ", gpus)}. Name one of them, or leave the option unset.",
            Assert.Single(error.Errors));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(LlamaSplitMode.None)]
    [InlineData(LlamaSplitMode.Row)]
    public async Task LoadAsync_OnTheFirstGpu_AnswersAsOnTheProcessor(LlamaSplitMode? mode)
    {
        LlamaDevice? gpu = LlamaDevices.List().FirstOrDefault(static device => device.IsGpu);
        Assert.SkipWhen(gpu is null, LlamaDevices.ExplainMissingGpu() ?? "");
        Assert.SkipWhen(mode == LlamaSplitMode.Row && !gpu.CanSplitRows, $"{gpu.BackEnd} cannot split rows.");

        string placed = await AnswerAsync(new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, MainDevice = gpu.Name, SplitMode = mode, GpuLayers = 99 });

        Assert.Equal(await AnswerAsync(new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, GpuLayers = 0 }), placed);
    }

    private static async Task<string> AnswerAsync(LlamaEngineOptions options)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(options, cancellationToken: cancellation);
        using LlamaChatClient client = engine.CreateChatClient();
        return (await client.GetResponseAsync("What is the capital of France?", new ChatOptions { Temperature = 0, MaxOutputTokens = 24 }, cancellation)).Text;
    }
}
