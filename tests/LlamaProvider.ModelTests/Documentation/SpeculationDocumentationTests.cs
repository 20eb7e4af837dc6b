using LlamaProvider.Chat;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Documentation;

/// <summary>The code of docs/speculative.md is this code.</summary>
public sealed class SpeculationDocumentationTests
{
    private static readonly string Document = DocumentedCode.Read("docs", "speculative.md");

    [Fact]
    public async Task Example_AsWritten_Drafts()
    {
        string model = TestFiles.PocketChat;
        string draftModel = TestFiles.PocketDraft;

        // <example>
        var engineOptions = new LlamaEngineOptions { ModelPath = model };
        engineOptions.DraftModels["draft"] = draftModel;
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(engineOptions);
        using LlamaChatClient client = engine.CreateChatClient();

        ChatOptions options = new ChatOptions { Temperature = 0.7f }.UsePromptLookup().UseSpeculativeDecoding("draft");
        ChatResponse response = await client.GetResponseAsync("Tell me a story.", options);
        SpeculationStatistics statistics = ((LlamaAnswer)response.RawRepresentation!).Speculation!;
        Console.WriteLine($"{statistics.AcceptedTokens} of {statistics.DraftedTokens} drafted tokens in {statistics.Steps} steps");
        // </example>
        DocumentedCode.AssertIn(Document, "example");

        Assert.NotEmpty(response.Text);
        Assert.InRange(statistics.AcceptedTokens, 0, statistics.DraftedTokens);
        Assert.True(statistics.DraftedTokens > 0);
    }
}
