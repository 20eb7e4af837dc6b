using LlamaProvider.Chat;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.BestOf;
using LlamaProvider.Scoring;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Scoring;

public sealed class AnswerScorersTests
{
    [Fact]
    public async Task SelfConsistency_JsonThatSaysTheSame_CountsTogether()
    {
        IReadOnlyList<double> scores = await Score(
            AnswerScorers.SelfConsistency,
            """{"city":"Rome","people":1000000}""", """{ "people": 1.0e6, "city": "Rome" }""", """{"city":"Rome","people":1000001}""", """{"city":"\u0052ome","people":1000000.0}""", "Rome", " Rome\n");

        Assert.Equal([3, 3, 1, 3, 2, 2], scores);
    }

    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("\"1\"", "1", false)]
    [InlineData("1e400", "1e400", true)]
    [InlineData("{\"a\":{\"c\":[],\"b\":null}}", "{\"a\":{\"b\":null,\"c\":[ ]}}", true)]
    [InlineData("one  two", "one two", true)]
    [InlineData("Yes", "yes", false)]
    public void CanonicalAnswer_TwoAnswers_AreEqualWhenTheySayTheSame(string first, string second, bool same) =>
        Assert.Equal(same, CanonicalAnswer.Of(first) == CanonicalAnswer.Of(second));

    [Fact]
    public async Task Likelihood_IsTheMeanLogProbability() =>
        Assert.Equal([-0.5, -0.5], await Score(AnswerScorers.Likelihood, "a", "b"));

    [Fact]
    public async Task FromFunction_JudgesEachText() =>
        Assert.Equal([1, 3], await Score(AnswerScorers.FromFunction(static text => text.Length), "a", "bcd"));

    [Fact]
    public async Task FromEmbeddings_IsTheCosineWithTheQuestion()
    {
        IReadOnlyList<double> scores = await Score(AnswerScorers.FromEmbeddings(new LetterEmbeddings()), "why", "xxx", "", "wxx");

        Assert.Equal(1, scores[0], 1e-6);
        Assert.Equal(0, scores[1], 1e-6);
        Assert.Equal(-1, scores[2]);
        Assert.InRange(scores[3], 0.2, 0.3);
    }

    [Fact]
    public async Task FromJudge_AsksForAGradeOfEach()
    {
        var judge = new Judge(static prompt => prompt.Contains("good", StringComparison.Ordinal) ? """{"grade": 9}""" : """{"grade": 2}""");

        Assert.Equal([9, 2], await Score(AnswerScorers.FromJudge(judge, "Look at the tone."), "good", "bad"));
        Assert.All(judge.Asked, asked => Assert.StartsWith("Look at the tone. ", asked.Messages[0].Text, StringComparison.Ordinal));
        Assert.Contains(judge.Asked, asked => asked.Messages[1].Text == "Question:\nwhy\n\nAnswer:\ngood");
        Assert.All(judge.Asked, asked => Assert.IsType<ChatResponseFormatJson>(asked.Options!.ResponseFormat));
    }

    private static async Task<IReadOnlyList<double>> Score(IAnswerScorer scorer, params string[] texts) => await scorer.ScoreAsync(
        new AnswerScoringRequest(
            [new ChatMessage(ChatRole.User, "why")],
            [.. texts.Select(text => new LlamaCandidate([new TextContent(text)], new SampledAnswer([1], [-0.5], GenerationEnd.EndOfGeneration), 0, ChatFinishReason.Stop))]),
        TestContext.Current.CancellationToken);

    private sealed class Judge(Func<string, string> answer) : IChatClient
    {
        public System.Collections.Concurrent.ConcurrentBag<(ChatMessage[] Messages, ChatOptions? Options)> Asked { get; } = [];

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            ChatMessage[] all = [.. messages];
            Asked.Add((all, options));
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer(all[^1].Text))));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("A judge is asked for whole answers.");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
