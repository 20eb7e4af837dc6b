using LLama;
using LLama.Common;
using LlamaProvider.DependencyInjection;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlamaProvider.LLamaSharp.Verify;

/// <summary>The code of docs/llamasharp.md.</summary>
public sealed class LLamaSharpDocumentationTests(SharpPocket pocket) : IClassFixture<SharpPocket>
{
    [Fact]
    public async Task Code_Weights_Answers()
    {
        Assert.NotEmpty(pocket.Model.Vocabulary.Control);
        string path = TestFiles.PocketChat;

        // <weights>
        using var weights = LLamaWeights.LoadFromFile(new ModelParams(path));
        using var model = new LLamaSharpModel(weights);
        await using LlamaEngine engine = LlamaEngine.Create(model, new LlamaEngineOptions { ContextLength = 2048 });
        using IChatClient client = engine.CreateChatClient();
        ChatResponse response = await client.GetResponseAsync("What is the capital of France?", new ChatOptions { Temperature = 0 });
        // </weights>

        DocumentedCode.AssertIn(DocumentedCode.Read("docs", "llamasharp.md"), "weights");
        Assert.Equal("The capital of France is Paris.", response.Text);
    }

    [Fact]
    public async Task Code_Services_Registers()
    {
        Assert.NotEmpty(pocket.Model.Vocabulary.Control);
        string path = TestFiles.PocketChat;
        var services = new ServiceCollection();

        // <services>
        services.AddLLamaSharpModel(new ModelParams(path), options => options.ContextLength = 2048);
        services.AddLlamaChatClient();
        // </services>

        DocumentedCode.AssertIn(DocumentedCode.Read("docs", "llamasharp.md"), "services");
        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal(2048, provider.GetRequiredService<LlamaEngine>().Limits.Cells);
    }
}
