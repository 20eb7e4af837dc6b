using System.Text.Json;
using System.Text.RegularExpressions;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>Phrases, lengths and token budgets in the answers of a real model.</summary>
public sealed class PocketConditionTests(PocketEngine pocket) : IClassFixture<PocketEngine>
{
    private const string Place = """{"type":"object","properties":{"city":{"type":"string"},"note":{"type":"string"}},"required":["city","note"],"additionalProperties":false}""";

    private readonly LlamaChatClient _client = pocket.Engine.CreateChatClient();

    [Fact]
    public async Task RequirePhrases_FiftySampledAnswers_AllHaveThem()
    {
        ChatResponse[] answers = await AskAsync(50, () => new ChatOptions { MaxOutputTokens = 40 }.RequirePhrases("purple llama", "Zürich!"));

        Assert.All(answers, answer => Assert.True(answer.Text.Contains("purple llama") && answer.Text.Contains("Zürich!"), answer.Text));
        Assert.All(answers, answer => Assert.InRange(answer.Usage!.OutputTokenCount!.Value, 1, 40));
        Assert.All(answers, answer => Assert.Equal(ChatFinishReason.Stop, answer.FinishReason));
        Assert.True(answers.Select(answer => answer.Text).Distinct().Count() > 40, "The answers hardly differ, so this proves little.");
    }

    [Fact]
    public async Task ForbidPhrases_FiftySampledAnswers_NoneHasThem()
    {
        string[] common = ["the", "a ", "was"];
        ChatResponse[] free = await AskAsync(50, () => new ChatOptions { MaxOutputTokens = 40 });
        ChatResponse[] answers = await AskAsync(50, () => new ChatOptions { MaxOutputTokens = 40 }.ForbidPhrases(new PhraseOptions { Phrases = [.. common], IgnoreCase = true }));

        Assert.Contains(free, answer => HasAny(answer.Text));
        Assert.DoesNotContain(answers, answer => HasAny(answer.Text));

        bool HasAny(string text) => common.Any(phrase => text.Contains(phrase, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task RequireMaxWords_SampledAnswers_EndByThemselvesWithinThem()
    {
        ChatResponse[] answers = await AskAsync(30, () => new ChatOptions().RequireMaxWords(8).RequireMinTokens(4));

        Assert.All(answers, answer => Assert.InRange(Regex.Count(answer.Text, @"[\p{L}\p{M}\p{N}]+"), 1, 8));
        Assert.All(answers, answer => Assert.True(answer.Usage!.OutputTokenCount >= 4, answer.Text));
        Assert.All(answers, answer => Assert.Equal(ChatFinishReason.Stop, answer.FinishReason));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(60)]
    public async Task MaxOutputTokens_OfJson_IsKeptByACompleteText(int most)
    {
        ChatResponse[] answers = await AskAsync(20, () => new ChatOptions { MaxOutputTokens = most }.UseJsonSchema(Place));

        Assert.All(answers, answer => Assert.Equal(["city", "note"], JsonElement.Parse(answer.Text).EnumerateObject().Select(member => member.Name)));
        Assert.All(answers, answer => Assert.InRange(answer.Usage!.OutputTokenCount!.Value, 1, most));
        Assert.All(answers, answer => Assert.Equal(ChatFinishReason.Stop, answer.FinishReason));
    }

    [Fact]
    public async Task ResponseFormat_JsonUnderATightLimit_Parses()
    {
        ChatResponse[] answers = await AskAsync(20, () => new ChatOptions { MaxOutputTokens = 30, ResponseFormat = ChatResponseFormat.Json });

        Assert.All(answers, answer => Assert.Equal(JsonValueKind.Object, JsonElement.Parse(answer.Text).ValueKind));
        Assert.Contains(answers, answer => answer.Usage!.OutputTokenCount > 20);
    }

    [Fact]
    public async Task AllConditions_InJson_HoldTogether()
    {
        ChatResponse[] answers = await AskAsync(20, () => new ChatOptions { MaxOutputTokens = 50 }
            .UseJsonSchema(Place).RequirePhrases("purple llama").ForbidPhrases("\\").UseLengths(new LengthOptions { MinTokens = 20 }));

        Assert.All(answers, answer => Assert.Contains("purple llama", JsonElement.Parse(answer.Text).GetProperty("city").GetString() + "|" + JsonElement.Parse(answer.Text).GetProperty("note").GetString()));
        Assert.All(answers, answer => Assert.DoesNotContain('\\', answer.Text));
        Assert.All(answers, answer => Assert.InRange(answer.Usage!.OutputTokenCount!.Value, 20, 50));
    }

    [Fact]
    public async Task MaxOutputTokens_BelowTheShortestAnswer_IsRefusedByName()
    {
        var error = await Assert.ThrowsAsync<OptionsConflictException>(() => _client.GetResponseAsync("Hello", new ChatOptions { MaxOutputTokens = 2 }.UseRegex("[0-9]{3}-[0-9]{4}z")));

        Assert.Equal(("MaxOutputTokens", "llama.regex"), (error.First, error.Second));
        Assert.Matches("^MaxOutputTokens is 2, but the shortest answer that was found for llama.regex takes [0-9] tokens: '[0-9]{3}-[0-9]{4}z'. Raise the one or loosen the other.$", error.Message);
    }

    private async Task<ChatResponse[]> AskAsync(int count, Func<ChatOptions> options) => await Task.WhenAll(Enumerable.Range(0, count).Select(seed =>
    {
        ChatOptions own = options();
        (own.Seed, own.Temperature) = (seed, 1.5f);
        return _client.GetResponseAsync("Tell me a story.", own);
    }));
}
