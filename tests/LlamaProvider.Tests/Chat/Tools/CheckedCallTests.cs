using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.TestSupport.Scripted;
using LlamaProvider.Tests.Chat;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace LlamaProvider.Tests.Chat.Tools;

/// <summary>Calls of tools whose schemas say what cannot be enforced, checked when they are whole.</summary>
public sealed class CheckedCallTests : IDisposable
{
    private readonly FakeLoggerProvider _logs = new();
    private readonly LoggerFactory _loggers;
    private readonly LlamaEngine _engine;
    private readonly LlamaChatClient _client;

    public CheckedCallTests()
    {
        _loggers = new LoggerFactory([_logs]);
        _engine = LlamaEngine.Create(ConstraintsOfRequestsTests.Model(ScriptedVocabulary.Bytes()), new LlamaEngineOptions { ContextLength = 4096, LoggerFactory = _loggers });
        _client = _engine.CreateChatClient();
    }

    [Fact]
    public async Task Call_KeywordThatCannotBeEnforced_IsWrittenAgainUntilItIsMet()
    {
        AITool tool = Tool("""{"type":"array","items":{"type":"array","items":{"type":"boolean"},"maxItems":1},"minItems":2,"maxItems":2,"uniqueItems":true}""");
        int accepted = 0, refused = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            var options = new ChatOptions { Seed = seed, Tools = [tool], ToolMode = ChatToolMode.RequireAny, AllowMultipleToolCalls = false };
            try
            {
                ChatResponse response = await _client.GetResponseAsync("?", options);
                ChatResponse streamed = await _client.GetStreamingResponseAsync("?", options).ToChatResponseAsync();

                JsonElement[] pairs = [.. ListOf(response).EnumerateArray()];
                Assert.False(JsonElement.DeepEquals(pairs[0], pairs[1]));
                Assert.Equal(ListOf(response).GetRawText(), ListOf(streamed).GetRawText());
                accepted++;
            }
            catch (JsonSchemaNotMetException)
            {
                refused++;
            }
        }

        Assert.InRange(accepted, 10, 20);
        Assert.InRange(refused, 0, 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_SameAgain_FailsWithTheToolAndWhatItBreaks(bool isStreamed)
    {
        var options = new ChatOptions { Tools = [Tool("""{"type":"array","prefixItems":[{"const":[]},{"const":[]}],"items":false,"minItems":2,"uniqueItems":true}""")], ToolMode = ChatToolMode.RequireAny, AllowMultipleToolCalls = false };

        var error = await Assert.ThrowsAsync<JsonSchemaNotMetException>(
            () => isStreamed ? _client.GetStreamingResponseAsync("?", options).ToChatResponseAsync() : _client.GetResponseAsync("?", options));

        Assert.Equal(
            "Tool 'sort': the arguments of its call do not meet the JSON schema after 2 attempts: '{\"lists\":[[],[]]}' breaks 'uniqueItems' at #/properties/lists, in its part /lists. " +
            "Say in the prompt what is wanted, sample with a temperature above 0, or leave the keyword out.",
            error.Message);
    }

    [Fact]
    public async Task Keyword_CannotBeEnforced_IsWarnedOfOnce()
    {
        var options = new ChatOptions { Tools = [Tool("""{"type":"array","prefixItems":[{"const":[]},{"const":[1]}],"items":false,"minItems":2,"uniqueItems":true}""")], ToolMode = ChatToolMode.RequireAny };

        await _client.GetResponseAsync("?", options);
        await _client.GetResponseAsync("?", options);

        Assert.Equal(
            "Tool 'sort': the keyword 'uniqueItems' at #/properties/lists of its schema cannot be enforced; calls are checked when they are whole, and written again where they break it.",
            Assert.Single(Warnings()));
    }

    [Fact]
    public async Task Hints_TheModelCannotFollow_AreWarnedOfOnce()
    {
        var options = new ChatOptions { MaxOutputTokens = 1, Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High } };

        await _client.GetResponseAsync("?", options);
        await _client.GetResponseAsync("?", options);

        Assert.Equal("Reasoning.Effort is High, but the model's chat template knows no reasoning; the hint is ignored.", Assert.Single(Warnings()));
    }

    public void Dispose()
    {
        _client.Dispose();
        _engine.Dispose();
        _loggers.Dispose();
        _logs.Dispose();
    }

    private IEnumerable<string> Warnings() => _logs.Collector.GetSnapshot().Where(record => record.Level == LogLevel.Warning).Select(record => record.Message);

    private static AIFunctionDeclaration Tool(string schema) => AIFunctionFactory.CreateDeclaration(
        "sort", "Sorts lists.", JsonElement.Parse($$"""{"type":"object","properties":{"lists":{{schema}}},"required":["lists"]}"""));

    private static JsonElement ListOf(ChatResponse response) =>
        (JsonElement)Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents)).Arguments!["lists"]!;
}
