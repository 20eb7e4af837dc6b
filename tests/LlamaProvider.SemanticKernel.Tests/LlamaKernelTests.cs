using System.ComponentModel;
using System.Numerics.Tensors;
using LlamaProvider.DependencyInjection;
using LlamaProvider.Embeddings;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace LlamaProvider.SemanticKernel.Tests;

/// <summary>A kernel on the embedded model.</summary>
public sealed class LlamaKernelTests(KernelEngine engine) : IClassFixture<KernelEngine>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InvokePrompt_FunctionChosenByTheModel_IsCalledAndAnsweredFrom(bool streaming)
    {
        var weather = new WeatherPlugin();
        Kernel kernel = CreateKernel();
        kernel.Plugins.AddFromObject(weather, "home");
        var settings = new LlamaPromptExecutionSettings { Temperature = 0, FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };

        string answer = "";
        if (streaming)
        {
            await foreach (StreamingKernelContent part in kernel.InvokePromptStreamingAsync("What is the weather in Paris?", new(settings)))
            {
                answer += part;
            }
        }
        else
        {
            answer = (await kernel.InvokePromptAsync("What is the weather in Paris?", new(settings))).ToString();
        }

        Assert.Equal(["Paris"], weather.Cities);
        Assert.Contains("Paris", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvokePrompt_FunctionsNotToBeInvoked_AreNotCalled()
    {
        var weather = new WeatherPlugin();
        Kernel kernel = CreateKernel();
        kernel.Plugins.AddFromObject(weather, "home");

        await kernel.InvokePromptAsync(
            "What is the weather in Paris?", new(new LlamaPromptExecutionSettings { Temperature = 0, FunctionChoiceBehavior = FunctionChoiceBehavior.None() }));

        Assert.Empty(weather.Cities);
    }

    [Theory]
    [InlineData("judge.json")]
    [InlineData("judge.yaml")]
    public async Task PromptOfAFile_WithSettings_IsAnsweredByThem(string file)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Prompts", file));
        KernelFunction judge = KernelFunctionFactory.CreateFromPrompt(file.EndsWith(".json", StringComparison.Ordinal) ? PromptTemplateConfig.FromJson(text) : YamlPrompt.Read(text));

        string first = (await judge.InvokeAsync(CreateKernel(), new() { ["thing"] = "the sky" })).ToString();
        string second = (await judge.InvokeAsync(CreateKernel(), new() { ["thing"] = "the sky" })).ToString();

        Assert.Matches("^(?:yes|no), it (?:is|was) [a-z]{3,12}[.]$", first);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task InvokePrompt_MalformedSetting_IsRefused()
    {
        var settings = new PromptExecutionSettings { ExtensionData = new Dictionary<string, object> { ["llama.grammr"] = "x" } };

        var error = await Assert.ThrowsAsync<Options.OptionNotSupportedException>(() => CreateKernel().InvokePromptAsync("Hi", new(settings)));

        Assert.Equal("llama.grammr", error.Option);
    }

    [Fact]
    public async Task ChatCompletionService_OverTheClient_KeepsAConversation()
    {
        IChatCompletionService chat = CreateKernel().GetRequiredService<IChatClient>().AsChatCompletionService();
        var history = new ChatHistory("You are a helpful assistant.");
        history.AddUserMessage("What is the capital of Italy?");

        ChatMessageContent answer = await chat.GetChatMessageContentAsync(history, new LlamaPromptExecutionSettings { Temperature = 0 });

        Assert.Equal("The capital of Italy is Rome.", answer.Content);
    }

    /// <summary>What ChatCompletionAgent does for each message of its thread; its package is not served here.</summary>
    [Fact]
    public async Task ChatCompletionService_RoundWithAFunction_IsInTheHistory()
    {
        var weather = new WeatherPlugin();
        Kernel kernel = CreateKernel();
        kernel.Plugins.AddFromObject(weather, "home");
        IChatCompletionService chat = kernel.GetRequiredService<IChatClient>().AsChatCompletionService();
        var history = new ChatHistory("You are a helpful assistant.");
        history.AddUserMessage("What is the weather in Paris?");
        var settings = new LlamaPromptExecutionSettings { Temperature = 0, FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };

        history.AddRange(await chat.GetChatMessageContentsAsync(history, settings, kernel));
        history.AddUserMessage("What is the capital of Italy?");
        history.AddRange(await chat.GetChatMessageContentsAsync(history, settings, kernel));

        Assert.Equal(["Paris"], weather.Cities);
        Assert.Contains(history.SelectMany(message => message.Items).OfType<Microsoft.SemanticKernel.FunctionCallContent>(), call => call.FunctionName.EndsWith("get_weather", StringComparison.Ordinal));
        Assert.Contains(history.SelectMany(message => message.Items).OfType<Microsoft.SemanticKernel.FunctionResultContent>(), result => result.Result!.ToString()!.Contains("sunny", StringComparison.Ordinal));
        Assert.Contains("Rome", history[^1].Content!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AppCode_AgainstAnotherProvider_IsTheSame()
    {
        IKernelBuilder cloud = Kernel.CreateBuilder();
        cloud.Services.AddChatClient(new FakeCloudClient()).UseKernelFunctionInvocation();

        Assert.Equal("Rome", await AskAsync(CreateKernel()));
        Assert.Equal("Rome", await AskAsync(cloud.Build()));

        static async Task<string> AskAsync(Kernel kernel)
        {
            FunctionResult answer = await kernel.InvokePromptAsync("What is the capital of {{$country}}?", new() { ["country"] = "Italy" });
            return answer.ToString().Split(' ', '.').Single(word => word == "Rome");
        }
    }

    [Fact]
    public async Task Embeddings_OfTheKernel_FindTheTextItself()
    {
        IKernelBuilder builder = Kernel.CreateBuilder();
        builder.AddLlamaEmbeddingGenerator(engine.Engine, options => options.InputType = EmbeddingInputType.Query, serviceId: null);
        var generator = builder.Build().GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        string[] documents = ["The capital of France is Paris.", "7 + 5 = 12.", "Once upon a time, a sleepy fox lived at the sea.", "It is sunny and 21 degrees."];
        GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync(documents);

        foreach (string query in documents)
        {
            ReadOnlyMemory<float> vector = await generator.GenerateVectorAsync(query);
            Assert.Equal(query, documents.Zip(vectors).MaxBy(pair => TensorPrimitives.Dot(pair.Second.Vector.Span, vector.Span)).First);
        }
    }

    [Fact]
    public async Task Builder_SeveralModels_AreChosenByServiceId()
    {
        IKernelBuilder builder = Kernel.CreateBuilder()
            .AddLlamaChatClient(TestFiles.PocketChat, "local")
            .AddLlamaChatClient(options => (options.ModelPath, options.ContextLength) = (TestFiles.PocketChat, 512), "short")
            .AddLlamaEmbeddingGenerator(TestFiles.PocketChat);
        await using var services = (ServiceProvider)builder.Build().Services;
        var kernel = new Kernel(services);

        string answer = (await kernel.InvokePromptAsync("What is the capital of Italy?", new(new LlamaPromptExecutionSettings { ServiceId = "short", Temperature = 0 }))).ToString();

        Assert.Equal("The capital of Italy is Rome.", answer);
        Assert.Equal(512, kernel.GetRequiredService<IChatClient>("short").GetService<LlamaEngine>()!.Limits.Cells);
        Assert.NotSame(
            kernel.GetRequiredService<IChatClient>("local").GetService<LlamaEngine>(), kernel.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GetService<LlamaEngine>());
    }

    [Fact]
    public void Builder_ModelMissing_IsFoundAtFirstUse()
    {
        Kernel kernel = Kernel.CreateBuilder().AddLlamaChatClient("absent.gguf").Build();

        var error = Assert.Throws<OptionsValidationException>(() => kernel.GetRequiredService<IChatClient>());

        Assert.Equal(["ModelPath is 'absent.gguf', but there is no such file. Correct the path; a relative one begins at the working directory."], error.Failures);
    }

    [Fact]
    public async Task ServiceCollection_KernelFunctionInvocationChained_CallsFunctions()
    {
        var weather = new WeatherPlugin();
        var services = new ServiceCollection();
        services.AddLlamaEngine(options => (options.ModelPath, options.Threads) = (TestFiles.PocketChat, 1));
        services.AddLlamaChatClient().UseKernelFunctionInvocation();
        services.AddKernel().Plugins.AddFromObject(weather, "home");
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredService<Kernel>().InvokePromptAsync(
            "What is the weather in Paris?", new(new LlamaPromptExecutionSettings { Temperature = 0, FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() }));

        Assert.Equal(["Paris"], weather.Cities);
    }

    private Kernel CreateKernel() => Kernel.CreateBuilder().AddLlamaChatClient(engine.Engine, serviceId: null).Build();

    private sealed class WeatherPlugin
    {
        public List<string> Cities { get; } = [];

        [KernelFunction("get_weather")]
        [Description("Gets the current weather of a city.")]
        public string GetWeather(string city)
        {
            Cities.Add(city);
            return "{\"condition\": \"sunny\", \"temperature\": 21}";
        }
    }

    private sealed class FakeCloudClient : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "It is Rome.")));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("cloud") : null;

        public void Dispose()
        {
        }
    }
}
