using LlamaProvider.DependencyInjection;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LlamaProvider.Tests.DependencyInjection;

/// <summary>Engines on a model of the application's own, in a container.</summary>
public sealed class GivenModelTests
{
    private static readonly ScriptedModel Model = ScriptedModel.Answering(ScriptedVocabulary.Bytes(), _ => "yes");

    [Theory]
    [InlineData(null)]
    [InlineData("given")]
    public async Task Add_GivenModel_RunsWithTheOptionsUntilTheHostStops(string? name)
    {
        int created = 0;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        if (name is null)
        {
            builder.Services.AddLlamaEngine(Create, options => options.Sequences = 3).AddLlamaChatClient();
        }
        else
        {
            builder.Services.AddLlamaEngine(name, Create, options => options.Sequences = 3).AddLlamaChatClient(name);
        }

        using IHost host = builder.Build();
        await host.StartAsync();
        Assert.Equal(0, created);
        IChatClient client = host.Services.GetRequiredKeyedService<IChatClient>(name);
        LlamaEngine engine = host.Services.GetRequiredKeyedService<LlamaEngine>(name);

        Assert.Equal("yes", (await client.GetResponseAsync("Is it?")).Text);
        Assert.Equal((1, 3 + 16), (created, engine.Limits.Sequences));
        await host.StopAsync();
        Assert.False(engine.GetSnapshot().IsRunning);

        LlamaEngine Create(IServiceProvider services, LlamaEngineOptions options)
        {
            created++;
            return LlamaEngine.Create(Model, options);
        }
    }

    [Fact]
    public async Task Start_WrongOptions_EndTheStartWithoutAModel()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLlamaEngine((_, _) => throw new InvalidOperationException("It should not come this far."), options => options.Sequences = 0);
        using IHost host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(["Sequences is 0, but must be from 1 to 256. Change the option or leave it unset."], error.Failures);
    }

    [Fact]
    public void Add_GivenModelBesideAFile_IsRefused()
    {
        IServiceCollection services = new ServiceCollection().AddLlamaEngine(options => options.ModelPath = "model.gguf");

        Assert.StartsWith(
            "AddLlamaEngine was called twice. Give the second engine a name, or configure the first with services.Configure<LlamaEngineOptions>.",
            Assert.Throws<ArgumentException>(() => services.AddLlamaEngine((_, options) => LlamaEngine.Create(Model, options), _ => { })).Message);
    }
}
