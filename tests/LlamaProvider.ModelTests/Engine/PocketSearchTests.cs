using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Embeddings;
using LlamaProvider.Guidance;
using LlamaProvider.Options;
using LlamaProvider.Scoring;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>Searches, guidance and best-of-n with a real model, and what they compose with.</summary>
public sealed class PocketSearchTests : IAsyncLifetime
{
    private const string Story = "Tell me a story.";

    private static readonly JsonElement Person = JsonElement.Parse(
        """{"type":"object","properties":{"name":{"type":"string","maxLength":12},"age":{"type":"integer","minimum":1,"maximum":99}},"required":["name","age"],"additionalProperties":false}""");

    private LlamaEngine _engine = null!;
    private LlamaChatClient _client = null!;
    private LlamaEmbeddingGenerator? _embeddings;

    /// <summary>Every way to find an answer.</summary>
    public static TheoryData<string> Ways => ["beam", "diverse_beam", "contrastive", "guidance", "token_guide", "both_guides", "best_of"];

    // One thread: the model is tiny, and threads that wait for each other suffer most where other tests run beside them.
    public async ValueTask InitializeAsync()
    {
        var options = new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, Threads = 1, ContextLength = 4096 };
        var late = new LateGenerator(() => _embeddings!);
        options.TokenGuides["short_words"] = TokenGuides.FromClassifier(static text => text.Split(' ')[^1].Length > 6 ? 0.2f : 0.8f);
        options.TokenGuides["sea"] = TokenGuides.FromExamples(late, ["the sea, a ship and a sailor"], ["a village and a mountain"]);
        options.AnswerScorers["close"] = AnswerScorers.FromEmbeddings(late);
        options.AnswerScorers["judged"] = AnswerScorers.FromJudge(new LateClient(() => _client));
        _engine = await LlamaEngine.LoadAsync(options);
        _client = _engine.CreateChatClient();
        _embeddings = _engine.CreateEmbeddingGenerator();
    }

    public async ValueTask DisposeAsync()
    {
        _embeddings?.Dispose();
        _client.Dispose();
        await _engine.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task JsonSchema_EveryText_IsValid(string way)
    {
        ChatResponse response = await AskAsync("Describe a person as JSON.", Use(way, new ChatOptions { MaxOutputTokens = 60 }).UseJsonSchema(Person));

        Assert.All(Texts(response), text =>
        {
            JsonElement person = JsonElement.Parse(text);
            Assert.InRange(person.GetProperty("age").GetInt32(), 1, 99);
            Assert.Equal(2, person.EnumerateObject().Count());
        });
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task GrammarAndRegex_EveryText_Matches(string way)
    {
        ChatResponse grammar = await AskAsync("Is the sky blue?", Use(way, new ChatOptions()).UseGrammar("""root ::= ("Yes" | "No") ", " [a-z]{2,5} "." """));
        ChatResponse regex = await AskAsync("What is 2 + 3?", Use(way, new ChatOptions()).UseRegex("[0-9]{3}-[0-9]{2}"));

        Assert.All(Texts(grammar), text => Assert.Matches("^(Yes|No), [a-z]{2,5}\\.$", text));
        Assert.All(Texts(regex), text => Assert.Matches("^[0-9]{3}-[0-9]{2}$", text));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task PhrasesAndLengths_EveryText_Obeys(string way)
    {
        ChatOptions options = Use(way, new ChatOptions { MaxOutputTokens = 60 })
            .RequirePhrases(new PhraseOptions { Phrases = ["lighthouse"], IgnoreCase = true })
            .ForbidPhrases("village")
            .UseLengths(new LengthOptions { MinWords = 8, MaxSentences = 3 });

        ChatResponse response = await AskAsync(Story, options);

        Assert.All(Texts(response), text =>
        {
            Assert.Contains("lighthouse", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("village", text, StringComparison.Ordinal);
            Assert.True(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length >= 8, text);
        });
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task StopSequence_NoText_GoesBeyondIt(string way)
    {
        ChatResponse response = await AskAsync(Story, Use(way, new ChatOptions { MaxOutputTokens = 60, StopSequences = ["."] }));

        Assert.All(Texts(response), text => Assert.DoesNotContain(".", text, StringComparison.Ordinal));
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task RequiredTool_EveryText_IsACall(string way)
    {
        AIFunction weather = AIFunctionFactory.Create((string city) => "sunny", "get_weather", "Gets the current weather of a city.");
        ChatOptions options = Use(way, new ChatOptions { MaxOutputTokens = 80, Tools = [weather], ToolMode = ChatToolMode.RequireAny });

        ChatResponse response = await AskAsync("What is the weather in Paris?", options);

        Assert.Equal("get_weather", Assert.Single(response.Messages[0].Contents.OfType<FunctionCallContent>()).Name);
        Assert.All(response.GetBeams(), beam => Assert.Single(beam.Contents.OfType<FunctionCallContent>()));
        Assert.All(response.GetCandidates(), candidate => Assert.Single(candidate.Contents.OfType<FunctionCallContent>()));
    }

    /// <summary>Another batch shape may turn near ties, so texts are compared where scores are clearly apart.</summary>
    [Fact]
    public async Task Beams_BesideEightRequests_AreThoseOfTheSearchAlone()
    {
        ChatOptions options = new ChatOptions { MaxOutputTokens = 24 }.UseBeamSearch(4, lengthPenalty: 0);
        string[] questions = ["What is the capital of France?", "What is the opposite of hot?", "What is 2 + 3?", "Is the sky blue?"];
        int compared = 0;
        foreach (string question in questions)
        {
            IReadOnlyList<LlamaBeam> alone = (await AskAsync(question, options)).GetBeams();
            Task<ChatResponse[]> others = Task.WhenAll(Enumerable.Range(0, 8).Select(seed => AskAsync(Story, new ChatOptions { Seed = seed, MaxOutputTokens = 80 })));
            IReadOnlyList<LlamaBeam> beside = (await AskAsync(question, options)).GetBeams();
            await others;
            for (int i = 0; i < alone.Count; i++)
            {
                Assert.Equal(alone[i].Score, beside[i].Score, 0.15);
                bool isTie = i == alone.Count - 1 || alone[i].Score - alone[i + 1].Score < 0.3 || (i > 0 && alone[i - 1].Score - alone[i].Score < 0.3);
                Assert.True(isTie || alone[i].Text == beside[i].Text, $"'{alone[i].Text}' and '{beside[i].Text}' at {i}");
                compared += isTie ? 0 : 1;
            }
        }

        Assert.True(compared >= 4, $"Only {compared} texts were clearly apart.");
    }

    [Fact]
    public async Task Contrastive_LongStory_RepeatsLessThanGreedy()
    {
        ChatOptions length = new ChatOptions { MaxOutputTokens = 200, Temperature = 0 }.UseLengths(new LengthOptions { MinTokens = 150 });
        ChatResponse greedy = await AskAsync(Story, length.Clone());
        length.Temperature = null;
        ChatResponse contrastive = await AskAsync(Story, length.UseContrastiveSearch());

        Assert.True(Distinct(contrastive.Text) > Distinct(greedy.Text), $"{Distinct(contrastive.Text)} and {Distinct(greedy.Text)} of word pairs are distinct.");
    }

    /// <summary>The guide's embeddings come from the engine that waits for them, from as many requests as it has sequences and more.</summary>
    [Fact]
    public async Task TokenGuide_EmbeddingsOfTheSameEngine_DoNotLockIt()
    {
        ChatResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(seed =>
            AskAsync(Story, new ChatOptions { Seed = seed, MaxOutputTokens = 3 }.UseTokenGuide("sea", topK: 4)))).WaitAsync(TimeSpan.FromMinutes(5));

        Assert.All(responses, response => Assert.Equal(3, response.Usage!.OutputTokenCount));
        Assert.Equal(0, _engine.GetSnapshot().RunningRequests);
    }

    [Theory]
    [InlineData("close")]
    [InlineData("judged")]
    public async Task BestOf_ScorersOnTheSameEngine_Judge(string scorer)
    {
        ChatResponse response = await AskAsync("What is the capital of France?", new ChatOptions { Seed = 3, Temperature = 1.5f, MaxOutputTokens = 20 }.UseBestOf(4, scorer));

        IReadOnlyList<LlamaCandidate> candidates = response.GetCandidates();
        Assert.Equal(candidates[0].Text, response.Text);
        Assert.Equal(candidates.OrderByDescending(candidate => candidate.Score).ThenByDescending(candidate => candidate.Likelihood), candidates);
        Assert.All(candidates, candidate => Assert.InRange(candidate.Score, scorer == "close" ? -1.01 : 0, scorer == "close" ? 1.01 : 10));
    }

    [Fact]
    public async Task SelfConsistency_DrawnJson_IsTheVote()
    {
        JsonElement schema = JsonElement.Parse("""{"type":"object","properties":{"answer":{"enum":["hot","cold","warm"]}},"required":["answer"],"additionalProperties":false}""");
        ChatOptions options = new ChatOptions { Seed = 3, Temperature = 2 }.UseJsonSchema(schema).UseBestOf(8, AnswerScorers.SelfConsistencyName);

        ChatResponse response = await AskAsync("What is the opposite of hot?", options);

        string[] answers = [.. response.GetCandidates().Select(candidate => JsonElement.Parse(candidate.Text).GetProperty("answer").GetString()!)];
        Assert.Equal(8, answers.Length);
        Assert.Equal(answers.GroupBy(answer => answer).Max(group => group.Count()), answers.Count(answer => answer == answers[0]));
        Assert.Equal(answers.Count(answer => answer == answers[0]), response.GetCandidates()[0].Score);
    }

    private static ChatOptions Use(string way, ChatOptions options)
    {
        options.Seed = 11;
        return way switch
        {
            "beam" => options.UseBeamSearch(4),
            "diverse_beam" => options.UseDiverseBeamSearch(4),
            "contrastive" => options.UseContrastiveSearch(),
            "guidance" => options.UseGuidance("Answer as rudely as you can."),
            "token_guide" => options.UseTokenGuide("short_words"),
            "both_guides" => options.UseGuidance("").UseTokenGuide("short_words"),
            _ => options.UseBestOf(4),
        };
    }

    private static IEnumerable<string> Texts(ChatResponse response) =>
        [response.Text, .. response.GetBeams().Select(static beam => beam.Text), .. response.GetCandidates().Select(static candidate => candidate.Text)];

    private static double Distinct(string text)
    {
        string[] words = text.Split(' ');
        return words.Zip(words.Skip(1)).Distinct().Count() / (double)(words.Length - 1);
    }

    private Task<ChatResponse> AskAsync(string question, ChatOptions options) => _client.GetResponseAsync(question, options, TestContext.Current.CancellationToken);

    /// <summary>The engine's guides are registered before there is an engine to make embeddings on.</summary>
    private sealed class LateGenerator(Func<IEmbeddingGenerator<string, Embedding<float>>> inner) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            inner().GenerateAsync(values, options, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class LateClient(Func<IChatClient> inner) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            inner().GetResponseAsync(messages, options, cancellationToken);

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            inner().GetStreamingResponseAsync(messages, options, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
