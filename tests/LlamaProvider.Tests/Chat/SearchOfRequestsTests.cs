using System.Collections.Concurrent;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies.Guidance;
using LlamaProvider.Guidance;
using LlamaProvider.Options;
using LlamaProvider.Scoring;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>Contrastive search, guidance and best-of-n as a chat client sees them.</summary>
public sealed class SearchOfRequestsTests : ScriptedChatTests
{
    private const string Said = "You said: hi 🦙";

    /// <summary>So hot that answers differ.</summary>
    private static ChatOptions Hot => new ChatOptions { MaxOutputTokens = 6, Seed = 1 }.UseSamplers(static samplers => samplers.Temperature(10));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ContrastiveSearch_CertainModel_SaysWhatItSays(bool streaming)
    {
        ChatResponse response = await Respond("hi", new ChatOptions().UseContrastiveSearch(alpha: 0.1), streaming);

        Assert.Equal(Said, response.Text);
    }

    [Fact]
    public async Task ContrastiveSearch_NoHiddenStates_IsRefused()
    {
        var model = new ScriptedModel(Model.Vocabulary, Model.Logits) { ChatTemplate = Model.ChatTemplate, Capabilities = ModelCapabilities.All with { HasHiddenStates = false } };
        using LlamaEngine engine = LlamaEngine.Create(model);
        using LlamaChatClient client = engine.CreateChatClient();

        var error = await Assert.ThrowsAsync<OptionNotSupportedException>(() => client.GetResponseAsync("x", new ChatOptions().UseContrastiveSearch()));

        Assert.Equal(
            "llama.contrastive_search is set, but 'scripted' gives no hidden states, by which contrastive search compares tokens. Leave the option unset, or choose another model.", error.Message);
    }

    [Fact]
    public async Task Search_MoreThanTheEngineFollows_IsRefused()
    {
        var contrastive = await Assert.ThrowsAsync<OptionNotSupportedException>(() => Respond("hi", new ChatOptions().UseContrastiveSearch(5)));
        var best = await Assert.ThrowsAsync<OptionNotSupportedException>(() => Respond("hi", new ChatOptions().UseBestOf(9)));
        using LlamaEngine small = LlamaEngine.Create(Model, new LlamaEngineOptions { Sequences = 1 });
        using LlamaChatClient client = small.CreateChatClient();
        var guidance = await Assert.ThrowsAsync<OptionNotSupportedException>(() => client.GetResponseAsync("hi", new ChatOptions().UseGuidance("x")));

        const string Rest = "texts at once. Search less widely, or raise LlamaEngineOptions.Sequences.";
        Assert.Equal($"llama.contrastive_search has a top_k of 5, but this engine can follow 4 {Rest}", contrastive.Message);
        Assert.Equal($"llama.best_of has a count of 9, but this engine can follow 4 {Rest}", best.Message);
        Assert.Equal($"llama.guidance has a negative prompt, which makes 2 texts, but this engine can follow 1 {Rest}", guidance.Message);
    }

    [Fact]
    public async Task Search_ReaderLeaves_FreesTheEngine()
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        foreach (ChatOptions options in new[] { new ChatOptions().UseContrastiveSearch(alpha: 0.1), new ChatOptions().UseGuidance("x") })
        {
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("forever", options, TestContext.Current.CancellationToken))
            {
                break;
            }

            Assert.Equal(Said, (await client.GetResponseAsync("hi", options, TestContext.Current.CancellationToken)).Text);
        }
    }

    [Fact]
    public async Task Guidance_NegativePrompt_StandsInPlaceOfTheSystemMessages()
    {
        var prompts = new ConcurrentBag<string>();
        using LlamaEngine engine = Recording(prompts);
        using LlamaChatClient client = engine.CreateChatClient();

        ChatResponse response = await client.GetResponseAsync(
            [new(ChatRole.System, "Be kind."), new(ChatRole.User, "hi")], new ChatOptions { Instructions = "Be short." }.UseGuidance("Be rude."), TestContext.Current.CancellationToken);

        Assert.Equal("fine", response.Text);
        Assert.Equal(["<turn>system:Be rude.<turn>user:hi<turn>", "<turn>system:Be short.\n\nBe kind.<turn>user:hi<turn>"], prompts.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "<turn>user:hi<turn>")]
    [InlineData(null, "<turn>user:who?<turn>")]
    public async Task Guidance_NoPromptOrOtherMessages_LeadAwayFromThose(string? prompt, string expected)
    {
        var prompts = new ConcurrentBag<string>();
        using LlamaEngine engine = Recording(prompts);
        using LlamaChatClient client = engine.CreateChatClient();
        ChatOptions options = prompt is null ? new ChatOptions().UseGuidance([new ChatMessage(ChatRole.User, "who?")]) : new ChatOptions().UseGuidance(prompt);

        await client.GetResponseAsync([new(ChatRole.System, "Be kind."), new(ChatRole.User, "hi")], options, TestContext.Current.CancellationToken);

        Assert.Equal([expected, "<turn>system:Be kind.<turn>user:hi<turn>"], prompts.Distinct().OrderByDescending(static text => text, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Guidance_SamePromptsAgain_FindsBothAndCountsBoth()
    {
        long plain = (await Respond("hi")).Usage!.InputTokenCount!.Value;
        long first = (await Respond("hi", new ChatOptions().UseGuidance("Be rude."))).Usage!.InputTokenCount!.Value;
        UsageDetails again = (await Respond("hi", new ChatOptions().UseGuidance("Be rude."))).Usage!;

        Assert.True(first > 2 * plain, $"{first} tokens for two prompts, {plain} for one.");
        Assert.Equal(first, again.InputTokenCount);
        Assert.InRange(again.CachedInputTokenCount!.Value, plain + 1, first);
    }

    [Fact]
    public async Task Guidance_ScaleOne_EvaluatesNoSecondPrompt()
    {
        var prompts = new ConcurrentBag<string>();
        using LlamaEngine engine = Recording(prompts);
        using LlamaChatClient client = engine.CreateChatClient();

        await client.GetResponseAsync("hi", new ChatOptions().UseGuidance("Be rude.", 1), TestContext.Current.CancellationToken);

        Assert.Equal(["<turn>user:hi<turn>"], prompts.Distinct());
    }

    [Fact]
    public async Task TokenGuide_Registered_ChangesTheAnswer()
    {
        var options = new LlamaEngineOptions { Sequences = 4, BatchTokens = 64 };
        options.TokenGuides["no_capitals"] = TokenGuides.FromClassifier(static text => text.Any(char.IsUpper) ? 0 : 1);
        using LlamaEngine engine = LlamaEngine.Create(Model, options);
        using LlamaChatClient client = engine.CreateChatClient();

        ChatResponse guided = await client.GetResponseAsync("hi", new ChatOptions { MaxOutputTokens = 10, Seed = 1 }.UseTokenGuide("no_capitals"), TestContext.Current.CancellationToken);

        Assert.NotEmpty(guided.Text);
        Assert.DoesNotContain(guided.Text, char.IsUpper);
        Assert.Equal(Said, (await client.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken)).Text);
    }

    [Fact]
    public async Task TokenGuide_Throws_FailsItsRequestAndOthersGoOn()
    {
        var options = new LlamaEngineOptions { Sequences = 4, BatchTokens = 64 };
        options.TokenGuides["bad"] = TokenGuides.FromClassifier(static _ => throw new InvalidTimeZoneException("scripted fault"));
        using LlamaEngine engine = LlamaEngine.Create(Model, options);
        using LlamaChatClient client = engine.CreateChatClient();
        Task<ChatResponse> other = client.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<TokenGuideException>(() => client.GetResponseAsync("hi", new ChatOptions().UseTokenGuide("bad"), TestContext.Current.CancellationToken));

        Assert.IsType<InvalidTimeZoneException>(error.InnerException);
        Assert.Equal(Said, (await other).Text);
    }

    [Fact]
    public async Task TokenGuideAndScorer_NotRegistered_AreRefused()
    {
        var guide = await Assert.ThrowsAsync<OptionNotSupportedException>(() => Respond("x", new ChatOptions().UseTokenGuide("positive")));
        var scorer = await Assert.ThrowsAsync<OptionNotSupportedException>(() => Respond("x", new ChatOptions().UseBestOf(2, "mine")));

        Assert.Equal(
            "llama.token_guide names the token guide 'positive', but this engine has none. Register it in LlamaEngineOptions.TokenGuides, or use one of these.", guide.Message);
        Assert.Equal(
            "llama.best_of names the answer scorer 'mine', but this engine has likelihood, self_consistency. Register it in LlamaEngineOptions.AnswerScorers, or use one of these.", scorer.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BestOf_Likelihood_AnswersWithTheMostLikelyAndHasAll(bool streaming)
    {
        ChatOptions options = Hot.UseBestOf(4);
        using LlamaChatClient client = Engine.CreateChatClient();
        List<ChatResponseUpdate> updates = streaming ? await client.GetStreamingResponseAsync("hi", options).ToListAsync() : [];
        ChatResponse response = streaming ? updates.ToChatResponse() : await client.GetResponseAsync("hi", options);
        IReadOnlyList<LlamaCandidate> candidates = streaming ? updates[^1].GetCandidates() : response.GetCandidates();

        Assert.Equal(4, candidates.Count);
        Assert.Equal(candidates[0].Text, response.Text);
        Assert.True(candidates.Select(candidate => candidate.Text).Distinct().Count() > 1, "The answers are alike, so this proves nothing.");
        Assert.Equal(candidates.OrderByDescending(candidate => candidate.Likelihood), candidates);
        Assert.All(candidates, candidate => Assert.Equal(candidate.TokenLogProbabilities.Average(), candidate.Score, 1e-9));
        Assert.Equal(candidates.Sum(candidate => candidate.Tokens.Count), response.Usage!.OutputTokenCount);
        Assert.Equal(ChatFinishReason.Length, candidates[0].FinishReason);
    }

    [Fact]
    public async Task BestOf_ScorerOfYourOwn_ChoosesTheAnswer()
    {
        using LlamaEngine engine = WithScorer(AnswerScorers.FromFunction(static text => text.Count(char.IsAsciiLetter)));
        using LlamaChatClient client = engine.CreateChatClient();

        ChatResponse response = await client.GetResponseAsync("hi", Hot.UseBestOf(4, "mine"));

        IReadOnlyList<LlamaCandidate> candidates = response.GetCandidates();
        Assert.Equal(candidates.Max(candidate => candidate.Text.Count(char.IsAsciiLetter)), response.Text.Count(char.IsAsciiLetter));
        Assert.Equal(candidates[0].Tokens, ((LlamaAnswer)response.RawRepresentation!).Tokens);
        Assert.Equal(candidates.OrderByDescending(candidate => candidate.Score), candidates);
    }

    [Fact]
    public async Task BestOf_ScorerThrows_FailsItsRequestAndOthersGoOn()
    {
        using LlamaEngine engine = WithScorer(AnswerScorers.FromFunction(static _ => throw new InvalidTimeZoneException("scripted fault")));
        using LlamaChatClient client = engine.CreateChatClient();
        Task<ChatResponse> other = client.GetResponseAsync("hi");

        var error = await Assert.ThrowsAsync<AnswerScoringException>(() => client.GetResponseAsync("hi", new ChatOptions().UseBestOf(2, "mine")));

        Assert.Equal("The answer scorer 'mine' failed: scripted fault Mend the scorer, or name another one.", error.Message);
        Assert.IsType<InvalidTimeZoneException>(error.InnerException);
        Assert.Equal(Said, (await other).Text);
    }

    [Fact]
    public async Task BestOf_ScorerGivesNoNumber_FailsSayingSo()
    {
        using LlamaEngine engine = WithScorer(AnswerScorers.FromFunction(static _ => double.NaN));
        using LlamaChatClient client = engine.CreateChatClient();

        var error = await Assert.ThrowsAsync<AnswerScoringException>(() => client.GetResponseAsync("hi", new ChatOptions().UseBestOf(2, "mine")));

        Assert.Equal("The answer scorer 'mine' gave NaN for answer 0, but a score is a number. Mend the scorer, or name another one.", error.Message);
        Assert.Equal("mine", error.Scorer);
    }

    [Fact]
    public void BestOf_NameOfTheLibrarysOwn_IsRefused()
    {
        var options = new LlamaEngineOptions();
        options.AnswerScorers["likelihood"] = AnswerScorers.Likelihood;

        var error = Assert.Throws<InvalidOptionsException>(() => LlamaEngine.Create(Model, options));

        Assert.Contains("AnswerScorers has the name 'likelihood', which is the library's own. Rename the scorer.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_OneAnswer_HasNoCandidates() => Assert.Empty((await Respond("hi")).GetCandidates());

    private static LlamaEngine Recording(ConcurrentBag<string> prompts) => LlamaEngine.Create(
        ScriptedModel.Answering(ScriptedVocabulary.Bytes(), prompt =>
        {
            prompts.Add(prompt);
            return "fine";
        }),
        new LlamaEngineOptions { Sequences = 4, BatchTokens = 64 });

    private LlamaEngine WithScorer(IAnswerScorer scorer)
    {
        var options = new LlamaEngineOptions { Sequences = 4, BatchTokens = 64 };
        options.AnswerScorers["mine"] = scorer;
        return LlamaEngine.Create(Model, options);
    }
}
