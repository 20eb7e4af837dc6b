using System.Globalization;
using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Decoding.Strategies.Contrastive;
using LlamaProvider.Guidance;
using LlamaProvider.Options;
using LlamaProvider.Scoring;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Documentation;

/// <summary>The code of docs/search.md is this code, and its values are all there.</summary>
public sealed class SearchDocumentationTests
{
    private static readonly string Document = DocumentedCode.Read("docs", "search.md");

    [Fact]
    public void KeysAndValues_InTheDocument_AreAll()
    {
        Assert.All(
            (string[])
            [
                LlamaOptionKeys.BeamSearch, LlamaOptionKeys.DiverseBeamSearch, LlamaOptionKeys.ContrastiveSearch, LlamaOptionKeys.Guidance, LlamaOptionKeys.TokenGuide, LlamaOptionKeys.BestOf,
            ],
            key => Assert.Contains($"`{key}`", Document, StringComparison.Ordinal));
        Assert.All(
            (Type[])[typeof(BeamSearchOptions), typeof(DiverseBeamSearchOptions), typeof(ContrastiveSearchOptions), typeof(GuidanceOptions), typeof(TokenGuideOptions), typeof(BestOfOptions)],
            type => Assert.All(type.GetProperties(), property => Assert.Contains($"`{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)}`", Document, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Beams_AsWritten_AreFound()
    {
        await using LlamaEngine engine = await LoadAsync();
        using LlamaChatClient client = engine.CreateChatClient();

        // <beams>
        ChatOptions options = new ChatOptions { MaxOutputTokens = 40 }.UseBeamSearch(width: 4);
        ChatResponse response = await client.GetResponseAsync("What is the capital of France?", options);
        foreach (LlamaBeam beam in response.GetBeams())
        {
            Console.WriteLine($"{beam.Score:0.00}  {beam.Text}");
        }
        // </beams>
        DocumentedCode.AssertIn(Document, "beams");

        Assert.Equal("The capital of France is Paris.", response.Text);
        Assert.Equal(4, response.GetBeams().Count);
    }

    [Fact]
    public async Task Contrastive_AsWritten_TellsAStory()
    {
        await using LlamaEngine engine = await LoadAsync();
        using LlamaChatClient client = engine.CreateChatClient();

        // <contrastive>
        ChatOptions options = new ChatOptions { MaxOutputTokens = 150 }.UseContrastiveSearch(topK: 4, alpha: 0.6);
        ChatResponse response = await client.GetResponseAsync("Tell me a story.", options);
        // </contrastive>
        DocumentedCode.AssertIn(Document, "contrastive");

        Assert.True(response.Text.Length > 50, response.Text);
    }

    [Fact]
    public async Task Guidance_AsWritten_Answers()
    {
        await using LlamaEngine engine = await LoadAsync();
        using LlamaChatClient client = engine.CreateChatClient();

        // <guidance>
        ChatOptions options = new ChatOptions { Temperature = 0 }.UseGuidance(negativePrompt: "Answer in a single word.", scale: 1.5);
        ChatResponse response = await client.GetResponseAsync("What is the capital of France?", options);
        // </guidance>
        DocumentedCode.AssertIn(Document, "guidance");

        Assert.Contains("Paris", response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenGuide_AsWritten_ShiftsTheTone()
    {
        string model = TestFiles.PocketChat;

        // <guide>
        string[] ends = ["very happy", "full of joy"];
        float Happiness(string text) =>
            ends.Any(text.Contains) ? 0.95f
            : ends.Any(end => Enumerable.Range(1, end.Length - 1).Any(length => text.EndsWith(" " + end[..length], StringComparison.Ordinal))) ? 0.9f
            : 0.3f;

        var engineOptions = new LlamaEngineOptions { ModelPath = model };
        engineOptions.TokenGuides["happy"] = TokenGuides.FromClassifier(Happiness);
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(engineOptions);
        using LlamaChatClient client = engine.CreateChatClient();

        ChatOptions options = new ChatOptions { Temperature = 1 }.UseTokenGuide("happy", strength: 2);
        ChatResponse response = await client.GetResponseAsync("Tell me a story.", options);
        // </guide>
        DocumentedCode.AssertIn(Document, "guide");

        Assert.NotEmpty(response.Text);
        double guided = await ShareAsync(seed => new ChatOptions { Temperature = 1, Seed = seed, MaxOutputTokens = 200 }.UseTokenGuide("happy", strength: 2));
        double plain = await ShareAsync(static seed => new ChatOptions { Temperature = 1, Seed = seed, MaxOutputTokens = 200 });
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{guided} with the guide, {plain} without."));
        Assert.True(guided > plain + 0.2, $"{guided} of the stories end happily with the guide, {plain} without.");

        async Task<double> ShareAsync(Func<int, ChatOptions> create)
        {
            ChatResponse[] stories = await Task.WhenAll(Enumerable.Range(0, 48).Select(seed => client.GetResponseAsync("Tell me a story.", create(seed))));
            return stories.Count(story => ends.Any(story.Text.Contains)) / 48.0;
        }
    }

    [Fact]
    public async Task BestOf_AsWritten_HasAllAnswers()
    {
        await using LlamaEngine engine = await LoadAsync();
        using LlamaChatClient client = engine.CreateChatClient();

        // <best>
        ChatOptions options = new ChatOptions { Temperature = 1 }.UseBestOf(count: 4);
        ChatResponse response = await client.GetResponseAsync("Tell me a story.", options);
        foreach (LlamaCandidate candidate in response.GetCandidates())
        {
            Console.WriteLine($"{candidate.Score:0.00}  {candidate.Text}");
        }
        // </best>
        DocumentedCode.AssertIn(Document, "best");

        Assert.Equal(4, response.GetCandidates().Count);
        Assert.Equal(response.Text, response.GetCandidates()[0].Text);
    }

    [Fact]
    public async Task SelfConsistency_AsWritten_Votes()
    {
        JsonElement schema = JsonElement.Parse("""{"type":"object","properties":{"answer":{"enum":["hot","cold","warm"]}},"required":["answer"],"additionalProperties":false}""");
        await using LlamaEngine engine = await LoadAsync();
        using LlamaChatClient client = engine.CreateChatClient();

        // <vote>
        ChatOptions options = new ChatOptions { Temperature = 1 }.UseJsonSchema(schema).UseBestOf(8, AnswerScorers.SelfConsistencyName);
        ChatResponse response = await client.GetResponseAsync("What is the opposite of hot?", options);
        Console.WriteLine($"{response.Text}: {response.GetCandidates()[0].Score} of 8 votes");
        // </vote>
        DocumentedCode.AssertIn(Document, "vote");

        Assert.InRange(response.GetCandidates()[0].Score, 3, 8);
    }

    private static Task<LlamaEngine> LoadAsync() => LlamaEngine.LoadAsync(new() { ModelPath = TestFiles.PocketChat, Threads = 1 });
}
