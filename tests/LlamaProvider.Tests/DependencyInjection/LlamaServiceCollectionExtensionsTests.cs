using LlamaProvider.Decoding.Constraints;
using LlamaProvider.DependencyInjection;
using LlamaProvider.Models;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LlamaProvider.Tests.DependencyInjection;

public sealed class LlamaServiceCollectionExtensionsTests
{
    [Fact]
    public async Task Start_WrongConfiguration_ListsEveryError()
    {
        using IHost host = CreateHost(new() { ["Llama:Sequences"] = "0", ["Llama:QueueLimit"] = "-1", ["Llama:ContextLength"] = "-5" });

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            [
                "ModelPath is empty, but the engine needs a model. Name a GGUF file.",
                "QueueLimit is -1, but must be 1 or more. Change the option or leave it unset.",
                "ContextLength is -5, but must be 1 or more. Change the option or leave it unset.",
                "Sequences is 0, but must be from 1 to 256. Change the option or leave it unset.",
            ],
            error.Failures);
    }

    [Fact]
    public async Task Start_FilesMissingAndUnknownNames_ListsThemToo()
    {
        using IHost host = CreateHost(new()
        {
            ["Llama:ModelPath"] = "absent.gguf",
            ["Llama:Adapters:law"] = "law.gguf",
            ["Llama:Sequnces"] = "3",
            ["Llama:LoadAtStart"] = "true",
            ["Llama:QueueLimit"] = "0",
        });

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            [
                "QueueLimit is 0, but must be 1 or more. Change the option or leave it unset.",
                "ModelPath is 'absent.gguf', but there is no such file. Correct the path; a relative one begins at the working directory.",
                "Adapters:law is 'law.gguf', but there is no such file. Correct the path; a relative one begins at the working directory.",
                "Llama:Sequnces is set, but there is no option of this name. Correct or remove it; the options are LlamaEngineOptions' and LlamaServiceOptions' properties.",
            ],
            error.Failures);
    }

    [Fact]
    public async Task Start_SeveralEnginesAreWrong_ListsTheErrorsOfAll()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLlamaEngine("first", options => options.ModelPath = "");
        builder.Services.AddLlamaEngine("second", options => options.ModelPath = "absent.gguf");
        builder.Services.Configure<LlamaServiceOptions>("second", options => options.DrainTimeout = TimeSpan.FromSeconds(-2));
        using IHost host = builder.Build();

        var error = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync());

        Assert.Equal(
            [
                "ModelPath is empty, but the engine needs a model. Name a GGUF file.",
                "ModelPath is 'absent.gguf', but there is no such file. Correct the path; a relative one begins at the working directory.",
                "DrainTimeout is -00:00:02, but must be 0 or more. Change the option or leave it unset.",
            ],
            error.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures));
    }

    [Fact]
    public void Add_SameNameTwice_IsRefused()
    {
        IServiceCollection services = new ServiceCollection().AddLlamaEngine("fast", _ => { });

        Assert.StartsWith(
            "AddLlamaEngine was called twice with the name 'fast'. Choose another name, or configure the first with services.Configure<LlamaEngineOptions>.",
            Assert.Throws<ArgumentException>(() => services.AddLlamaEngine("fast", _ => { })).Message);
    }

    [Fact]
    public async Task Start_LazyEngineThatIsNeverAskedFor_LoadsNothing()
    {
        // The file is no model, so loading it would fail.
        using IHost host = CreateHost(new() { ["Llama:ModelPath"] = Path.Combine(TestFiles.RepositoryRoot, "README.md") });
        await host.StartAsync();

        Assert.Throws<ModelLoadException>(() => host.Services.GetRequiredService<IChatClient>());

        await host.StopAsync();
    }

    [Fact]
    public async Task Start_EagerEngineThatCannotBeLoaded_EndsTheStart()
    {
        using IHost host = CreateHost(new() { ["Llama:ModelPath"] = Path.Combine(TestFiles.RepositoryRoot, "README.md"), ["Llama:LoadAtStart"] = "true" });

        await Assert.ThrowsAsync<ModelLoadException>(() => host.StartAsync());
    }

    [Fact]
    public void Bind_EveryValue_ArrivesInTheOptions()
    {
        using IHost host = CreateHost(new()
        {
            ["Llama:ModelPath"] = TestFiles.PocketChat,
            ["Llama:ContextLength"] = "1024",
            ["Llama:Sequences"] = "3",
            ["Llama:BatchTokens"] = "99",
            ["Llama:HiddenStateTokens"] = "50",
            ["Llama:Threads"] = "2",
            ["Llama:FlashAttention"] = "On",
            ["Llama:KeyType"] = "Q8_0",
            ["Llama:MemoryMap"] = "false",
            ["Llama:LongestPause"] = "00:00:00.1",
            ["Llama:PrefixCacheSequences"] = "7",
            ["Llama:PinnedPrompts:0"] = "Be kind.",
            ["Llama:ConstraintCacheSize"] = "5",
            ["Llama:ConstraintLimits:PatternLength"] = "77",
        });

        LlamaEngineOptions options = host.Services.GetRequiredService<IOptions<LlamaEngineOptions>>().Value;

        Assert.Equal((TestFiles.PocketChat, 1024, 3, 99, 2), (options.ModelPath, options.ContextLength, options.Sequences, options.BatchTokens, options.Threads));
        Assert.Equal((TimeSpan.FromMilliseconds(100), 7, "Be kind."), (options.LongestPause, options.PrefixCacheSequences, options.PinnedPrompts.Single()));
        Assert.Equal((Decoding.Model.FlashAttention.On, Decoding.Model.KvCacheType.Q8_0, false), (options.FlashAttention, options.KeyType, options.MemoryMap));
        Assert.Equal(50, options.HiddenStateTokens);
        Assert.Equal((5, new ConstraintLimits { PatternLength = 77 }), (options.ConstraintCacheSize, options.ConstraintLimits));
        Assert.Equal(new ConstraintLimits(), ConstraintLimits.Default);
    }

    private static IHost CreateHost(Dictionary<string, string?> settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddLlamaEngine(builder.Configuration.GetSection("Llama"));
        builder.Services.AddLlamaChatClient();
        return builder.Build();
    }
}
