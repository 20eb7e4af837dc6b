using LlamaProvider.Chat;
using LlamaProvider.Options;
using LlamaProvider.Templates;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>What the model sees and says is within reach.</summary>
public sealed class RawRepresentationTests : ScriptedChatTests
{
    [Fact]
    public async Task RawRepresentation_WholeAndStreamed_HasTokensAndTextBeforeTheyAreCut()
    {
        ChatResponse whole = await Respond("hello", new ChatOptions { StopSequences = ["said"] });
        using LlamaChatClient client = Engine.CreateChatClient();
        List<ChatResponseUpdate> updates = await client.GetStreamingResponseAsync("hello", new ChatOptions { StopSequences = ["said"] }).ToListAsync();

        var answer = Assert.IsType<LlamaAnswer>(whole.RawRepresentation);
        var streamed = Assert.IsType<LlamaAnswer>(updates[^1].RawRepresentation);
        Assert.Equal(("You ", "You said"), (whole.Text, answer.Text));
        Assert.Equal("You said", answer.ToString());
        Assert.Equal(whole.Usage!.OutputTokenCount, answer.Tokens.Count);
        Assert.Equal(answer.Tokens, streamed.Tokens);
        Assert.All(updates[..^1], update => Assert.Null(update.RawRepresentation));
    }

    [Fact]
    public async Task RenderPrompt_Request_IsWhatTheModelSees()
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        ChatMessage[] messages = [new(ChatRole.System, "polite"), new(ChatRole.User, "show")];
        ChatOptions options = new() { Instructions = "terse" };

        LlamaPrompt prompt = client.RenderPrompt(messages, options);
        ChatResponse response = await client.GetResponseAsync(messages, options);

        Assert.Equal(("<turn>system:terse\n\npolite<turn>user:show<turn>", 0), (prompt.Text, prompt.OmittedMessages));
        Assert.Equal(prompt.Text, response.Text);
        Assert.Equal(prompt.Tokens.Count, response.Usage!.InputTokenCount);
        Assert.Equal(new ContentRange(prompt.Text.IndexOf("show", StringComparison.Ordinal), prompt.Text.Length - "<turn>".Length), prompt.ContentRanges[^1]);
        Assert.Equal(prompt.Text, prompt.ToString());
    }

    [Fact]
    public async Task RenderPrompt_ConversationThatIsTruncated_ShowsWhatIsLeft()
    {
        await using LlamaEngine engine = CreateEngine(contextLength: 64);
        using LlamaChatClient client = engine.CreateChatClient();
        ChatMessage[] messages = [.. Enumerable.Range(0, 9).Select(number => new ChatMessage(ChatRole.User, $"question {number}"))];

        LlamaPrompt prompt = client.RenderPrompt(messages, new ChatOptions().UseContextOverflow(ContextOverflow.TruncateOldest));

        Assert.Equal("<turn>user:question 6<turn>user:question 7<turn>user:question 8<turn>", prompt.Text);
        Assert.Equal(6, prompt.OmittedMessages);
    }

    [Fact]
    public void RenderPrompt_OptionThatCannotBeHonoured_IsRefused()
    {
        using LlamaChatClient client = Engine.CreateChatClient();

        Assert.Throws<OptionNotSupportedException>(() => client.RenderPrompt([new(ChatRole.User, "a")], new ChatOptions { ModelId = "other" }));
    }
}
