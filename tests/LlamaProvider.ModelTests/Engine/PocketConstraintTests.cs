using System.ComponentModel;
using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>Constrained answers of a real model. NJsonSchema says whether they meet their schema.</summary>
public sealed class PocketConstraintTests(PocketEngine pocket) : IClassFixture<PocketEngine>
{
    private readonly LlamaChatClient _client = pocket.Engine.CreateChatClient();

    /// <summary>Schemas whose JSON cannot be long, so that every answer ends by itself.</summary>
    private static readonly string[] Schemas =
    [
        """{"type":"object","properties":{"city":{"type":"string","maxLength":20},"country":{"type":"string","maxLength":20}},"required":["city","country"],"additionalProperties":false}""",
        """{"type":"object","properties":{"n":{"type":"integer","minimum":-5,"maximum":105}},"required":["n"],"additionalProperties":false}""",
        """{"type":"array","items":{"enum":["red","green","blue"]},"minItems":2,"maxItems":4}""",
        """{"type":"string","pattern":"^[A-Z][a-z]{2,7}$"}""",
        """{"type":"string","minLength":5,"maxLength":12}""",
        """{"type":"number","minimum":0,"maximum":1,"multipleOf":0.01}""",
        """{"type":"boolean"}""",
        """{"anyOf":[{"type":"null"},{"type":"string","maxLength":8}]}""",
        """{"type":"object","properties":{"kind":{"enum":["cat","dog"]},"age":{"type":"integer","minimum":0,"maximum":30},"tags":{"type":"array","items":{"type":"string","maxLength":6},"maxItems":3}},"required":["kind","tags"],"additionalProperties":false}""",
        """{"$defs":{"point":{"type":"object","properties":{"x":{"type":"integer","minimum":0,"maximum":9},"y":{"type":"integer","minimum":0,"maximum":9}},"required":["x","y"],"additionalProperties":false}},"type":"array","items":{"$ref":"#/$defs/point"},"minItems":1,"maxItems":3}""",
        """{"type":"string","format":"date"}""",
        """{"type":"object","properties":{"id":{"type":"string","format":"uuid"}},"required":["id"],"additionalProperties":false}""",
        """{"type":"array","minItems":3,"maxItems":3,"items":{"type":"integer","minimum":10,"maximum":12}}""",
        """{"type":"object","patternProperties":{"^k[0-9]$":{"type":"boolean"}},"additionalProperties":false,"minProperties":1,"maxProperties":3}""",
        """{"enum":["yes","no",null,7]}""",
        """{"allOf":[{"type":"integer","minimum":3},{"maximum":8}]}""",
    ];

    [Fact]
    public async Task JsonSchema_ManySeedsAtOnce_EveryAnswerParsesAndValidates()
    {
        (string Schema, long Seed)[] requests = [.. Schemas.SelectMany(schema => Enumerable.Range(1, 4).Select(seed => (schema, (long)seed)))];
        ChatResponse[] answers = await Task.WhenAll(requests.Select(request => _client.GetResponseAsync("Describe something as JSON.", Options(request.Schema, request.Seed))));

        for (int i = 0; i < requests.Length; i++)
        {
            Assert.Equal(ChatFinishReason.Stop, answers[i].FinishReason);
            await AssertValid(requests[i].Schema, answers[i].Text);
        }

        Assert.True(answers.Select(answer => answer.Text).Distinct().Count() > 30, "The answers hardly differ, so this proves little.");
    }

    [Fact]
    public async Task JsonSchema_SixteenStreamsAtOnce_AreWhatTheyAreAlone()
    {
        string[] alone = new string[Schemas.Length];
        for (int i = 0; i < Schemas.Length; i++)
        {
            alone[i] = (await _client.GetResponseAsync("Describe something as JSON.", Options(Schemas[i], 5))).Text;
        }

        ChatResponse[] together = await Task.WhenAll(
            Schemas.Select(schema => _client.GetStreamingResponseAsync("Describe something as JSON.", Options(schema, 5)).ToChatResponseAsync()));

        for (int i = 0; i < Schemas.Length; i++)
        {
            await AssertValid(Schemas[i], together[i].Text);
        }

        // A near tie may fall otherwise in another batch, so a few may differ.
        Assert.True(alone.Zip(together).Count(pair => pair.First == pair.Second.Text) > 12, "Batching changes answers.");
    }

    [Fact]
    public async Task ResponseFormat_Typed_IsReadBackAsTheType()
    {
        // Microsoft.Extensions.AI's own schema of the type lets the model add members, and this small one would; the stricter one is the one in force.
        ChatOptions options = new ChatOptions { Seed = 4, MaxOutputTokens = 500 }.UseJsonSchema<Place>();
        ChatResponse<Place> response = await _client.GetResponseAsync<Place>("What is the capital of France?", options);

        Assert.True(response.TryGetResult(out Place? place), response.Text);
        Assert.NotNull(place.City);
    }

    [Fact]
    public async Task ResponseFormat_Json_IsAnObject()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var options = new ChatOptions { ResponseFormat = ChatResponseFormat.Json, Seed = seed, Temperature = 1, MaxOutputTokens = 400 };
            ChatResponse response = await _client.GetResponseAsync("Give the colors of the flag of Italy.", options);

            Assert.StartsWith("{", response.Text.TrimStart(), StringComparison.Ordinal);
            if (response.FinishReason == ChatFinishReason.Stop)
            {
                Assert.Equal(JsonValueKind.Object, JsonElement.Parse(response.Text).ValueKind);
            }
        }
    }

    [Fact]
    public async Task UseJsonSchema_OfAType_IsReadBackAsTheType()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            ChatOptions options = new ChatOptions { Seed = seed, Temperature = 2, MaxOutputTokens = 300 }
                .UseJsonSchema<Levels>(schemaOptions: new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact });

            ChatResponse response = await _client.GetResponseAsync("How high?", options);

            Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
            Assert.NotNull(JsonSerializer.Deserialize<Levels>(response.Text, AIJsonUtilities.DefaultOptions));
            Assert.DoesNotContain(' ', response.Text);
        }
    }

    [Theory]
    [InlineData("(?:Paris|Rome|Madrid), [a-zé ]{3,10}[.!]")]
    [InlineData(@"\d{3}-\d{4}")]
    [InlineData("[α-ω]{4}🦙")]
    [InlineData("(?:the |a )?(?:cat|dog)(?: runs)?")]
    public async Task UseRegex_ManySeeds_EveryAnswerMatches(string pattern)
    {
        ChatResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(seed =>
            _client.GetResponseAsync("Say it.", new ChatOptions { Seed = seed, Temperature = 2 }.UseRegex(pattern))));

        Assert.All(answers, answer => Assert.Matches($"^(?:{pattern})$", answer.Text));
    }

    [Fact]
    public async Task UseGrammar_Greedy_FollowsIt()
    {
        ChatOptions options = new ChatOptions().UseSamplers(SamplerPipeline.Deterministic).UseGrammar("""
            root ::= "The answer is " number "."
            number ::= [1-9] [0-9]?
            """);

        Assert.Matches(@"^The answer is [1-9][0-9]?\.$", (await _client.GetResponseAsync("What is 2 plus 3?", options)).Text);
    }

    private static ChatOptions Options(string schema, long seed) => new ChatOptions { Seed = seed, Temperature = 1.5f, MaxOutputTokens = 1000 }.UseJsonSchema(schema);

    private static async Task AssertValid(string schema, string json)
    {
        NJsonSchema.JsonSchema validator = await NJsonSchema.JsonSchema.FromJsonAsync(schema);
        JsonElement.Parse(json);
        Assert.True(validator.Validate(json) is { Count: 0 }, $"{json} does not meet {schema}: {string.Join(", ", validator.Validate(json))}");
    }

    [Description("A place on a map.")]
    private sealed record Place(string City, bool IsCapital);

    private sealed record Levels(int Meters, byte? Floors, ulong Steps, Kind Kind, DateOnly Built, Guid Id);

    private enum Kind
    {
        Tower,
        Hill,
    }
}
