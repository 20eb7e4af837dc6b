using LlamaProvider.Chat;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.ModelTests.Engine;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using LlamaProvider.Tracing;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Documentation;

/// <summary>docs/tracing.md's code is this code, and its schema names what there is.</summary>
public sealed class TraceDocumentationTests(PocketEngine pocket) : IClassFixture<PocketEngine>
{
    private static readonly string Document = DocumentedCode.Read("docs", "tracing.md");

    [Fact]
    public async Task FirstExample_AsWritten_Explains()
    {
        using LlamaChatClient client = pocket.Engine.CreateChatClient();

        // <trace>
        ChatOptions options = new ChatOptions { Seed = 3 }.CaptureTrace(TraceLevel.Stages);
        ChatResponse response = await client.GetResponseAsync("What is the capital of France?", options);
        AnswerTrace trace = response.GetTrace();
        string why = trace.Explain(0);
        // </trace>
        DocumentedCode.AssertIn(Document, "trace");

        Assert.StartsWith("Token 1 of the answer is '", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_EveryMemberOfARealTrace_IsNamed()
    {
        using LlamaChatClient client = pocket.Engine.CreateChatClient();
        ChatOptions[] requests =
        [
            new ChatOptions { MaxOutputTokens = 12 }.UseJsonSchema("""{"enum":["Paris","Rome"]}""").CaptureTrace(TraceLevel.Full),
            new ChatOptions { MaxOutputTokens = 12 }.UseBeamSearch(2).CaptureTrace(TraceLevel.Full),
            new ChatOptions { MaxOutputTokens = 12 }.UseContrastiveSearch(2).CaptureTrace(TraceLevel.Full),
            new ChatOptions { MaxOutputTokens = 12 }.UseGuidance("Be brief.").CaptureTrace(TraceLevel.Full),
            new ChatOptions { MaxOutputTokens = 12 }.UsePromptLookup(new PromptLookupOptions(4, 1, Adaptive: false)).CaptureTrace(TraceLevel.Full),
        ];
        foreach (ChatOptions options in requests)
        {
            ChatResponse response = await client.GetResponseAsync("What is the capital of France?", options);
            using var json = System.Text.Json.JsonDocument.Parse(response.GetTrace().ToJson());
            AssertNamed(json.RootElement);
        }
    }

    private static void AssertNamed(System.Text.Json.JsonElement json)
    {
        if (json.ValueKind == System.Text.Json.JsonValueKind.Object)
        {
            foreach (System.Text.Json.JsonProperty member in json.EnumerateObject())
            {
                Assert.True(Document.Contains($"`{member.Name}`", StringComparison.Ordinal), $"docs/tracing.md does not name '{member.Name}'.");
                if (member.Name is not ("options" or "parameters"))
                {
                    AssertNamed(member.Value);
                }
            }
        }
        else if (json.ValueKind == System.Text.Json.JsonValueKind.Array)
        {
            foreach (System.Text.Json.JsonElement item in json.EnumerateArray())
            {
                AssertNamed(item);
            }
        }
    }
}
