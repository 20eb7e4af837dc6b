using LlamaProvider.Chat;
using LlamaProvider.Decoding;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>Answers to a schema with a keyword that cannot be enforced, checked when they are whole.</summary>
public sealed class CheckedAnswerTests : IDisposable
{
    private const string TwoLists = """{"type":"array","items":{"type":"array","items":{"type":"boolean"},"maxItems":1},"minItems":2,"maxItems":2,"uniqueItems":true}""";
    private const string EqualLists = """{"type":"array","prefixItems":[{"const":[]},{"const":[]}],"items":false,"minItems":2,"uniqueItems":true}""";

    private static readonly JsonSchemaOptions Checked = new() { Whitespace = JsonWhitespace.Compact, OnUnsupported = JsonUnsupportedKeywords.Check };

    private readonly LlamaEngine _engine = LlamaEngine.Create(ConstraintsOfRequestsTests.Model(ScriptedVocabulary.Bytes()), new LlamaEngineOptions { ContextLength = 1024 });

    [Fact]
    public async Task Answer_KeywordThatCannotBeEnforced_IsWrittenAgainUntilItIsMet()
    {
        using LlamaChatClient client = _engine.CreateChatClient();
        int retried = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            ChatOptions options = new ChatOptions { Seed = seed }.UseJsonSchema(TwoLists, Checked with { Retries = 100 });

            ChatResponse response = await client.GetResponseAsync("?", options);
            ChatResponse streamed = await client.GetStreamingResponseAsync("?", options).ToChatResponseAsync();

            Assert.DoesNotMatch(@"^\[(.*),\1\]$", response.Text);
            Assert.Equal((response.Text, response.Usage!.OutputTokenCount), (streamed.Text, streamed.Usage!.OutputTokenCount));
            Assert.Equal(response.Usage.InputTokenCount + response.Usage.OutputTokenCount, response.Usage.TotalTokenCount);
            retried += response.Usage.OutputTokenCount > response.Text.Length + 1 ? 1 : 0;
        }

        Assert.InRange(retried, 1, 19);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_SameAgain_FailsWithTheTextAndWhatItBreaks(bool isStreamed)
    {
        using LlamaChatClient client = _engine.CreateChatClient();
        ChatOptions options = new ChatOptions().UseJsonSchema(EqualLists, Checked);

        var error = await Assert.ThrowsAsync<JsonSchemaNotMetException>(
            () => isStreamed ? client.GetStreamingResponseAsync("?", options).ToChatResponseAsync() : client.GetResponseAsync("?", options));

        Assert.Equal(("[[],[]]", 2, "#", "uniqueItems", ""), (error.Text, error.Attempts, error.Pointer, error.Keyword, error.Instance));
        Assert.Equal(
            "The answer does not meet the JSON schema after 2 attempts: '[[],[]]' breaks 'uniqueItems' at #. Say in the prompt what is wanted, sample with a temperature above 0, " +
            "raise JsonSchemaOptions.Retries, or leave the keyword out.",
            error.Message);
    }

    [Fact]
    public async Task Answer_NoRetries_FailsAfterTheFirst()
    {
        using LlamaChatClient client = _engine.CreateChatClient();

        Assert.Equal(1, (await Assert.ThrowsAsync<JsonSchemaNotMetException>(
            () => client.GetResponseAsync("?", new ChatOptions().UseJsonSchema(EqualLists, Checked with { Retries = 0 })))).Attempts);
    }

    [Fact]
    public async Task Answer_CutByAStopSequence_IsNotChecked()
    {
        using LlamaChatClient client = _engine.CreateChatClient();

        ChatResponse response = await client.GetResponseAsync("?", new ChatOptions { StopSequences = [","] }.UseJsonSchema(EqualLists, Checked));

        Assert.Equal(("[[]", ChatFinishReason.Stop), (response.Text, response.FinishReason));
    }

    [Fact]
    public async Task Answer_RetriesOutOfRange_IsRefused()
    {
        using LlamaChatClient client = _engine.CreateChatClient();

        var error = await Assert.ThrowsAsync<InvalidConstraintException>(() => client.GetResponseAsync("?", new ChatOptions().UseJsonSchema("true", Checked with { Retries = 101 })));

        Assert.Equal("Retries is 101, but must be 0 to 100. Change the option or leave it unset.", error.Message);
    }

    public void Dispose() => _engine.Dispose();
}
