using System.Diagnostics;
using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.DependencyInjection;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using LlamaProvider.Tracing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TraceLevel = LlamaProvider.Decoding.Tracing.TraceLevel;

namespace LlamaProvider.ModelTests.Documentation;

/// <summary>README's code is this code: compared as text, compiled, and run.</summary>
public sealed class ReadmeTests
{
    private static readonly string Readme = DocumentedCode.Read("README.md");

    [Fact]
    public async Task FirstExample_AsWritten_Answers()
    {
        string program = DocumentedCode.Read("tests", "ReadmeExample", "Program.cs");
        Assert.Contains($"```csharp\n{program}```", Readme);

        string output = await RunAsync(Path.Combine(BuildOutput("ReadmeExample"), "ReadmeExample.dll"));

        Assert.StartsWith("The capital of France is Paris.", output);
        Assert.True(output.Length > 100, output);
    }

    [Fact]
    public async Task ServiceExample_AsWritten_Answers()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemory("Llama:ModelPath", TestFiles.PocketChat);
        builder.Configuration.AddInMemory("Llama:Threads", "1");

        // <services>
        builder.Services.AddLlamaEngine(builder.Configuration.GetSection("Llama"));
        builder.Services.AddLlamaChatClient();
        // </services>
        DocumentedCode.AssertIn(Readme, "services");

        using IHost host = builder.Build();
        await host.StartAsync();
        ChatResponse response = await host.Services.GetRequiredService<IChatClient>().GetResponseAsync("What is the capital of Italy?");
        Assert.Equal("The capital of Italy is Rome.", response.Text);
        await host.StopAsync();
    }

    [Fact]
    public async Task OptionsExample_AsWritten_StopsWhereItSays()
    {
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = TestFiles.PocketChat, Threads = 1 });
        using LlamaChatClient client = engine.CreateChatClient();

        // <options>
        var options = new ChatOptions { Temperature = 0.8f, Seed = 42, MaxOutputTokens = 200, StopSequences = ["."] };
        ChatResponse response = await client.GetResponseAsync("Tell me a story.", options);
        Console.WriteLine($"{response.Text} ({response.FinishReason}, {response.Usage?.OutputTokenCount} tokens)");
        // </options>
        DocumentedCode.AssertIn(Readme, "options");

        Assert.DoesNotContain('.', response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task SamplersExample_AsWritten_TellsAStory()
    {
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = TestFiles.PocketChat, Threads = 1 });
        using LlamaChatClient client = engine.CreateChatClient();

        // <samplers>
        var options = new ChatOptions { Seed = 7 }
            .UseSamplers(s => s.Penalties(repeat: 1.1).TopK(40).Typical(.9).TopP(.95).MinP(.05).Temperature(.7));
        ChatResponse story = await client.GetResponseAsync("Tell me a story.", options);
        // </samplers>
        DocumentedCode.AssertIn(Readme, "samplers");

        Assert.True(story.Text.Length > 40, story.Text);
        Assert.Equal(story.Text, (await client.GetResponseAsync("Tell me a story.", options)).Text);
        Assert.Contains("options.UseSamplers(SamplerPipeline.Creative)", Readme);
        Assert.NotEqual(story.Text, (await client.GetResponseAsync("Tell me a story.", options.UseSamplers(SamplerPipeline.Creative))).Text);
    }

    [Fact]
    public async Task CustomSamplerExample_AsWritten_Shouts()
    {
        var engineOptions = new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, Threads = 1 };

        // <custom-registration>
        engineOptions.CustomSamplers["shout"] = parameters => new Shout(strength: parameters?.GetSingle() ?? 5);
        // </custom-registration>
        DocumentedCode.AssertIn(Readme, "custom-registration");
        DocumentedCode.AssertIn(Readme, "custom-stage");
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(engineOptions);
        using LlamaChatClient client = engine.CreateChatClient();
        var options = new ChatOptions { Seed = 1, MaxOutputTokens = 30 };

        // <custom-use>
        options.UseSamplers(s => s.Custom("shout", 12).TopK(20).Temperature(.7));
        // </custom-use>
        DocumentedCode.AssertIn(Readme, "custom-use");

        Assert.Contains('!', (await client.GetResponseAsync("Tell me a story.", options)).Text);
    }

    [Fact]
    public async Task StructuredExample_AsWritten_IsReadAndMatches()
    {
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = TestFiles.PocketChat, Threads = 1 });
        using LlamaChatClient client = engine.CreateChatClient();

        // <structured>
        ChatOptions options = new ChatOptions { Seed = 3 }.UseJsonSchema<City>();
        ChatResponse response = await client.GetResponseAsync("Describe a city as JSON.", options);
        City city = JsonSerializer.Deserialize<City>(response.Text, AIJsonUtilities.DefaultOptions)!;

        options = new ChatOptions().UseRegex("(?:yes|no), it (?:is|was) [a-z]{3,12}[.]");
        ChatResponse answer = await client.GetResponseAsync("Is the sky blue?", options);
        // </structured>
        DocumentedCode.AssertIn(Readme, "structured");

        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.False(string.IsNullOrEmpty(city.Name));
        Assert.Matches("^(?:yes|no), it (?:is|was) [a-z]{3,12}[.]$", answer.Text);
    }

    [Fact]
    public async Task TraceExample_AsWritten_ExplainsAndReplays()
    {
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = TestFiles.PocketChat, Threads = 1 });
        using LlamaChatClient client = engine.CreateChatClient();

        // <trace>
        ChatOptions options = new ChatOptions { Seed = 3 }.UseJsonSchema<City>().CaptureTrace(TraceLevel.Stages);
        ChatResponse response = await client.GetResponseAsync("Describe a city as JSON.", options);
        AnswerTrace trace = response.GetTrace();
        Console.WriteLine(trace.Explain(0));
        Console.WriteLine(response.GetConfidence()["/name"]);

        TraceReplay again = await client.ReplayAsync(AnswerTrace.FromJson(trace.ToJson()));
        Console.WriteLine(again.Explanation);
        // </trace>
        DocumentedCode.AssertIn(Readme, "trace");

        Assert.True(again.IsExact, again.Explanation);
        Assert.Equal(response.Text, again.Response.Text);
    }

    [Fact]
    public async Task ConditionsExample_AsWritten_HasWhatItRequires()
    {
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = TestFiles.PocketChat, Threads = 1 });
        using LlamaChatClient client = engine.CreateChatClient();
        ChatOptions options;

        // <conditions>
        options = new ChatOptions { MaxOutputTokens = 60 }.RequirePhrases("lighthouse").ForbidPhrases("Once upon a time").RequireMaxWords(30);
        ChatResponse tale = await client.GetResponseAsync("Tell me a story.", options);
        // </conditions>
        DocumentedCode.AssertIn(Readme, "conditions");

        Assert.Contains("lighthouse", tale.Text);
        Assert.DoesNotContain("Once upon a time", tale.Text);
        Assert.Equal(ChatFinishReason.Stop, tale.FinishReason);
    }

    [Fact]
    public async Task ToolsExample_AsWritten_CallsTheFunction()
    {
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = TestFiles.PocketChat, Threads = 1 });
        using LlamaChatClient client = engine.CreateChatClient();

        // <tools>
        AIFunction weather = AIFunctionFactory.Create((string city) => $"sunny, {city.Length + 15} degrees", "get_weather", "Gets the current weather of a city.");
        IChatClient agent = client.AsBuilder().UseFunctionInvocation().Build();
        ChatResponse forecast = await agent.GetResponseAsync("What is the weather in Paris?", new ChatOptions { Tools = [weather] });
        // </tools>
        DocumentedCode.AssertIn(Readme, "tools");

        Assert.Equal("Paris", Assert.Single(forecast.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()).Arguments!["city"]?.ToString());
        Assert.Contains("Paris", forecast.Text);
    }

    private sealed record City(string Name, int Inhabitants, bool IsCapital);

    private static string BuildOutput(string project)
    {
        // .../tests/<this project>/bin/<configuration>/<framework>/
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(TestFiles.RepositoryRoot, "tests", project, "bin", output.Parent!.Name, output.Name);
    }

    private static async Task<string> RunAsync(string program)
    {
        var start = new ProcessStartInfo("dotnet", [program]) { WorkingDirectory = TestFiles.RepositoryRoot, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}

internal static class ConfigurationExtensions
{
    public static void AddInMemory(this Microsoft.Extensions.Configuration.IConfigurationBuilder builder, string key, string value) =>
        Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(builder, new Dictionary<string, string?> { [key] = value });
}

// <custom-stage>
internal sealed class Shout(float strength) : ICustomSampler
{
    public void Apply(in CustomSamplerContext context, ReadOnlySpan<int> tokens, Span<float> logits)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            logits[i] += context.Vocabulary.GetBytes(tokens[i]).Contains((byte)'!') ? strength : 0;
        }
    }
}
// </custom-stage>
