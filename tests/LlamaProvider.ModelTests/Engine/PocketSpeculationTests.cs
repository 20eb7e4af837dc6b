using LlamaProvider.Chat;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>Speculative decoding with real models.</summary>
public sealed class PocketSpeculationTests
{
    private static readonly string[] Questions =
    [
        .. "France Italy Spain Germany Norway Austria Poland Greece".Split(' ').Select(country => $"What is the capital of {country}?"),
        "Tell me a story.", "Tell me a story about a cat.", "Is the sky blue?", "What is 2 + 3?", "Repeat: the cat sat on the mat and the dog sat on the log.",
        "Describe Rome as JSON.", "Describe a dog as JSON.", "Hello!",
    ];

    /// <summary>The batch's shape turns near ties, so a few answers may differ.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Greedy_WithDrafts_SaysTheSame(bool drafts, bool lookup)
    {
        await using LlamaEngine engine = await LoadAsync();
        using LlamaChatClient client = engine.CreateChatClient();
        (int same, int drafted, int accepted) = (0, 0, 0);
        foreach (string question in Questions)
        {
            ChatResponse plain = await client.GetResponseAsync(question, Options(drafts: false, lookup: false));
            ChatResponse speculative = await client.GetResponseAsync(question, Options(drafts, lookup));
            same += plain.Text == speculative.Text ? 1 : 0;
            Assert.Null(Assert.IsType<LlamaAnswer>(plain.RawRepresentation).Speculation);
            SpeculationStatistics statistics = Assert.IsType<LlamaAnswer>(speculative.RawRepresentation).Speculation!;
            drafted += statistics.DraftedTokens;
            accepted += statistics.AcceptedTokens;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{same} of {Questions.Length} the same, {accepted} of {drafted} tokens accepted.");
        Assert.True(same >= Questions.Length - 1, $"{same} of {Questions.Length} answers are the same.");
        Assert.True(accepted > 0 && drafted >= accepted, $"{accepted} of {drafted} tokens were accepted.");
    }

    [Fact]
    public async Task Drawn_ManyAtOnce_AllEndAndNothingIsHeld()
    {
        await using LlamaEngine engine = await LoadAsync();
        using LlamaChatClient client = engine.CreateChatClient();
        ChatResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => client.GetResponseAsync(
            Questions[i % Questions.Length], Options(drafts: true, lookup: true).UseSamplers(SamplerPipeline.Balanced))));

        Assert.All(responses, response => Assert.False(string.IsNullOrWhiteSpace(response.Text)));
        Assert.Equal(0, engine.GetSnapshot().RunningRequests);
    }

    [Fact]
    public async Task DraftModel_OtherVocabulary_IsRefused()
    {
        var options = new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, Threads = 1 };
        options.DraftModels["draft"] = TestFiles.RequireModel("smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf");

        var error = await Assert.ThrowsAsync<InvalidOptionsException>(() => LlamaEngine.LoadAsync(options));

        Assert.Contains("it has 49152 tokens and the model 4096, but the numbers may differ by 128 at most. Use a draft model of the same family.", error.Message, StringComparison.Ordinal);
    }

    private static async Task<LlamaEngine> LoadAsync()
    {
        var options = new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, Threads = 1 };
        options.DraftModels["draft"] = TestFiles.PocketDraft;
        return await LlamaEngine.LoadAsync(options);
    }

    /// <summary>Drafts of a fixed length: whether they pay on this machine is no matter here.</summary>
    private static ChatOptions Options(bool drafts, bool lookup)
    {
        ChatOptions options = new ChatOptions { MaxOutputTokens = 80, Seed = 5 }.UseSamplers(SamplerPipeline.Deterministic);
        options = drafts ? options.UseSpeculativeDecoding(new SpeculativeDecodingOptions("draft", MaxTokens: 4, Adaptive: false)) : options;
        return lookup ? options.UsePromptLookup(new PromptLookupOptions(MaxTokens: 8, Adaptive: false)) : options;
    }
}
