using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using LLama;
using LLama.Common;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.DependencyInjection;
using LlamaProvider.Models;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LlamaProvider.LLamaSharp.Verify;

/// <summary>What is built on the engine, over LLamaSharp.</summary>
public sealed class LLamaSharpEngineTests(SharpPocket pocket) : IClassFixture<SharpPocket>
{
    private const string City = """{"type":"object","properties":{"name":{"type":"string"},"population":{"type":"integer"}},"required":["name","population"],"additionalProperties":false}""";

    [Fact]
    public async Task Chat_WholeAndStreamed_Answers()
    {
        await using LlamaEngine engine = LlamaEngine.Create(pocket.Model, new LlamaEngineOptions { Threads = 1 });
        using LlamaChatClient client = engine.CreateChatClient();

        ChatResponse whole = await client.GetResponseAsync("What is the capital of France?", Greedy());
        ChatResponse streamed = await client.GetStreamingResponseAsync("What is the capital of France?", Greedy()).ToChatResponseAsync();

        Assert.Equal("The capital of France is Paris.", whole.Text);
        Assert.Equal(whole.Text, streamed.Text);
    }

    [Fact]
    public async Task Chat_ManyAtOnce_EachAsAlone()
    {
        await using LlamaEngine engine = LlamaEngine.Create(pocket.Model, new LlamaEngineOptions { Threads = 1 });
        using LlamaChatClient client = engine.CreateChatClient();
        string[] countries = ["France", "Italy", "Spain", "Germany", "Norway", "Austria", "Poland", "Greece"];
        var alone = new List<string>();
        foreach (string country in countries)
        {
            alone.Add((await client.GetResponseAsync($"What is the capital of {country}?", Greedy())).Text);
        }

        ChatResponse[] together = await Task.WhenAll(countries.Select(country => client.GetResponseAsync($"What is the capital of {country}?", Greedy())));

        Assert.Equal(alone, together.Select(response => response.Text));
    }

    [Fact]
    public async Task BeamSearch_FourBeams_BestFirst()
    {
        await using LlamaEngine engine = LlamaEngine.Create(pocket.Model, new LlamaEngineOptions { Threads = 1 });

        ChatResponse response = await engine.CreateChatClient().GetResponseAsync("Tell me a story.", new ChatOptions { MaxOutputTokens = 24 }.UseBeamSearch(4));

        double[] scores = [.. response.GetBeams()!.Select(beam => beam.Score)];
        Assert.Equal(4, scores.Length);
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal(response.GetBeams()![0].Text, response.Text);
    }

    [Fact]
    public async Task JsonSchema_DrawnHot_IsMet()
    {
        await using LlamaEngine engine = LlamaEngine.Create(pocket.Model, new LlamaEngineOptions { Threads = 1 });
        ChatOptions options = new ChatOptions { Seed = 3, Temperature = 2, MaxOutputTokens = 80 }.UseJsonSchema(City);

        ChatResponse response = await engine.CreateChatClient().GetResponseAsync("Describe Rome as JSON.", options);

        JsonElement city = JsonElement.Parse(response.Text);
        Assert.Equal(["name", "population"], city.EnumerateObject().Select(member => member.Name));
        Assert.Equal(JsonValueKind.Number, city.GetProperty("population").ValueKind);
    }

    [Fact]
    public async Task Speculation_DraftModelInLLamaSharp_SaysTheSameWithFewerSteps()
    {
        using var draft = new LLamaSharpModel(SharpPocket.Load(TestFiles.PocketDraft), ownsWeights: true);
        await using LlamaEngine engine = LlamaEngine.Create(
            pocket.Model, new LlamaEngineOptions { Threads = 1 }, new Dictionary<string, ILanguageModel> { ["draft"] = draft });
        using LlamaChatClient client = engine.CreateChatClient();
        ChatOptions drafted = Greedy().UseSpeculativeDecoding(new SpeculativeDecodingOptions("draft", MaxTokens: 4, Adaptive: false));

        ChatResponse plain = await client.GetResponseAsync("What is the capital of Italy?", Greedy());
        ChatResponse speculative = await client.GetResponseAsync("What is the capital of Italy?", drafted);

        Assert.Equal(plain.Text, speculative.Text);
        Assert.InRange(Assert.IsType<LlamaAnswer>(speculative.RawRepresentation).Speculation!.AcceptedTokens, 1, int.MaxValue);
    }

    [Fact]
    public async Task AddLLamaSharpModel_Parameters_LoadsAndFreesWithTheHost()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLLamaSharpModel(new ModelParams(TestFiles.PocketChat), options => options.Threads = 1).AddLlamaChatClient();
        using IHost host = builder.Build();
        await host.StartAsync();
        var model = Assert.IsType<LLamaSharpModel>(host.Services.GetRequiredService<LlamaEngine>().Model);

        Assert.Equal("The capital of France is Paris.", (await host.Services.GetRequiredService<IChatClient>().GetResponseAsync("What is the capital of France?", Greedy())).Text);

        await host.StopAsync();
        Assert.Throws<ObjectDisposedException>(() => model.CreateContext(new ContextOptions()));
    }

    [Fact]
    public void AddLLamaSharpModel_FileThatIsNoModel_IsRefusedBeforeNativeCode()
    {
        string path = Path.Combine(TestFiles.RepositoryRoot, "README.md");
        using ServiceProvider services = new ServiceCollection().AddLLamaSharpModel(new ModelParams(path), _ => { }).BuildServiceProvider();

        var error = Assert.Throws<ModelLoadException>(() => services.GetRequiredService<LlamaEngine>());

        Assert.Equal(path, error.Path);
        Assert.Null(error.InnerException);
    }

    [Fact]
    public async Task Reranker_OnLLamaSharp_IsRefused()
    {
        await using LlamaEngine engine = LlamaEngine.Create(pocket.Model, new LlamaEngineOptions { Threads = 1 });

        Assert.Throws<OptionNotSupportedException>(() => engine.CreateReranker());
    }

    [Fact]
    public async Task AddLLamaSharpModel_WeightsOfTheContainer_OutliveTheEngine()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(_ => SharpPocket.Load(TestFiles.PocketChat));
        builder.Services.AddLLamaSharpModel("small", provider => provider.GetRequiredService<LLamaWeights>(), options => options.Threads = 1).AddLlamaChatClient("small");
        using IHost host = builder.Build();
        await host.StartAsync();
        LLamaWeights weights = host.Services.GetRequiredService<LLamaWeights>();

        Assert.NotEmpty((await host.Services.GetRequiredKeyedService<IChatClient>("small").GetResponseAsync("Hello!", Greedy())).Text);

        await host.StopAsync();
        Assert.False(weights.NativeHandle.IsClosed);
    }

    [Fact]
    public async Task Engine_OnLLamaSharp_LoadsNoLibraryOfOurs()
    {
        await using LlamaEngine engine = LlamaEngine.Create(pocket.Model, new LlamaEngineOptions { Threads = 1 });
        await engine.CreateChatClient().GetResponseAsync("Hello!", Greedy());
        string[] libraries = [.. Process.GetCurrentProcess().Modules.Cast<ProcessModule>().Select(module => module.FileName).Where(file => file.Contains("libllama", StringComparison.Ordinal))];

        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier)));
        string loaded = Assert.Single(libraries.Distinct());
        Assert.StartsWith(Path.GetFullPath(Environment.GetEnvironmentVariable("LLAMASHARP_NATIVE_DIR")!), loaded);
    }

    private static ChatOptions Greedy() => new ChatOptions { MaxOutputTokens = 80, Seed = 5 }.UseSamplers(SamplerPipeline.Deterministic);
}
