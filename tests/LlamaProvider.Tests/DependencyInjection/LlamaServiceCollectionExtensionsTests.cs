using LlamaProvider.Decoding.Constraints;
using LlamaProvider.DependencyInjection;
using LlamaProvider.Models;
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
    public async Task Resolve_ModelMissing_NamesThePath()
    {
        using IHost host = CreateHost(new() { ["Llama:ModelPath"] = "absent.gguf" });
        await host.StartAsync();

        var error = Assert.Throws<ModelLoadException>(() => host.Services.GetRequiredService<IChatClient>());

        Assert.Equal("absent.gguf", error.Path);
        await host.StopAsync();
    }

    [Fact]
    public void Bind_EveryValue_ArrivesInTheOptions()
    {
        using IHost host = CreateHost(new()
        {
            ["Llama:ModelPath"] = "m.gguf",
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

        Assert.Equal(("m.gguf", 1024, 3, 99, 2), (options.ModelPath, options.ContextLength, options.Sequences, options.BatchTokens, options.Threads));
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
