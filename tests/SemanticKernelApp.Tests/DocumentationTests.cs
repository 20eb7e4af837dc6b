using System.ComponentModel;
using LlamaProvider.SemanticKernel;
using LlamaProvider.TestSupport;
using Microsoft.SemanticKernel;

namespace SemanticKernelApp.Tests;

/// <summary>The code of docs/semantic-kernel.md is this code.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public async Task Example_AsWritten_CallsTheFunction()
    {
        string model = TestFiles.PocketChat;

        // <kernel>
        IKernelBuilder builder = Kernel.CreateBuilder().AddLlamaChatClient(model);
        builder.Plugins.AddFromType<Weather>();
        Kernel kernel = builder.Build();

        var settings = new LlamaPromptExecutionSettings { Temperature = 0, FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };
        FunctionResult answer = await kernel.InvokePromptAsync("What is the weather in {{$city}}?", new(settings) { ["city"] = "Paris" });
        // </kernel>
        DocumentedCode.AssertIn(DocumentedCode.Read("docs", "semantic-kernel.md"), "kernel");
        DocumentedCode.AssertIn(DocumentedCode.Read("docs", "semantic-kernel.md"), "plugin");

        Assert.Contains("Paris", answer.ToString(), StringComparison.Ordinal);
        await ((IAsyncDisposable)kernel.Services).DisposeAsync();
    }

    // <plugin>
    internal sealed class Weather
    {
        [KernelFunction("get_weather")]
        [Description("Gets the current weather of a city.")]
        public string GetWeather(string city) => $"It is sunny and 21 degrees in {city}.";
    }
    // </plugin>
}
