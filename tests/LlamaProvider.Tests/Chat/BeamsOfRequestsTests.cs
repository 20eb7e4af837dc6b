using LlamaProvider.Chat;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>Beam searches as a chat client sees them.</summary>
public sealed class BeamsOfRequestsTests : ScriptedChatTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetResponse_BeamSearch_AnswersWithTheBestAndHasAll(bool streaming)
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        ChatOptions options = new ChatOptions { MaxOutputTokens = 40 }.UseBeamSearch(3, lengthPenalty: 0);
        IReadOnlyList<LlamaBeam> beams;
        string text;
        if (streaming)
        {
            List<ChatResponseUpdate> updates = await client.GetStreamingResponseAsync("hi", options, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
            (text, beams) = (string.Concat(updates), updates[^1].GetBeams());
            Assert.All(updates[..^1], update => Assert.Empty(update.GetBeams()));
        }
        else
        {
            ChatResponse response = await client.GetResponseAsync("hi", options, TestContext.Current.CancellationToken);
            (text, beams) = (response.Text, response.GetBeams());
        }

        Assert.Equal("You said: hi 🦙", text);
        Assert.Equal(3, beams.Count);
        Assert.Equal(text, beams[0].Text);
        Assert.Equal(ChatFinishReason.Stop, beams[0].FinishReason);
        Assert.Equal(beams[0].LogProbability, beams[0].Score, 1e-6);
        Assert.Equal(beams[0].Tokens.Count + 1, beams[0].TokenLogProbabilities.Count);
        Assert.Equal(beams.Select(beam => beam.Score).OrderDescending(), beams.Select(beam => beam.Score));
    }

    [Fact]
    public async Task GetResponse_NoSearch_HasNoBeams() => Assert.Empty((await Respond("hi")).GetBeams());

    [Fact]
    public async Task GetResponse_WiderThanTheEngine_IsRefused()
    {
        var error = await Assert.ThrowsAsync<OptionNotSupportedException>(() => Respond("hi", new ChatOptions().UseBeamSearch(5)));

        Assert.Equal(
            "llama.beam_search has a width of 5, but this engine can follow 4 texts at once. Search less widely, or raise LlamaEngineOptions.Sequences.", error.Message);
    }

    [Fact]
    public async Task GetStreamingResponse_ReaderLeaves_FreesTheSearch()
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("forever", new ChatOptions().UseBeamSearch(4), TestContext.Current.CancellationToken))
        {
            break;
        }

        ChatResponse next = await client.GetResponseAsync("hi", new ChatOptions().UseBeamSearch(4), TestContext.Current.CancellationToken);
        Assert.Equal("You said: hi 🦙", next.Text);
    }
}
