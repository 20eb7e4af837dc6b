using System.ComponentModel;
using System.Text.Json;
using LlamaProvider.Chat;
using Microsoft.Extensions.AI;
using NJsonSchema;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>Tool calls of a real model.</summary>
public sealed class PocketToolTests(PocketEngine pocket) : IClassFixture<PocketEngine>
{
    private static readonly AIFunction Weather = AIFunctionFactory.Create(
        ([Description("The city.")] string city) => $"It is sunny and 21 degrees in {city}.", "get_weather", "Gets the current weather of a city.");

    private static readonly AIFunction Light = AIFunctionFactory.Create((string room, bool on) => "ok", "set_light", "Switches the light of a room on or off.");

    private static readonly AIFunctionDeclaration Order = AIFunctionFactory.CreateDeclaration("order", "Orders things.", JsonElement.Parse(
        """
        {"type":"object","properties":{"item":{"enum":["tea","milk","bread"]},"count":{"type":"integer","minimum":1,"maximum":12},"gift":{"type":["boolean","null"]},
         "notes":{"type":"array","items":{"type":"string","maxLength":12},"maxItems":2}},"required":["item","count","notes"]}
        """));

    private readonly LlamaChatClient _client = pocket.Engine.CreateChatClient();

    [Fact]
    public async Task Invocation_QuestionForATool_IsAnsweredFromItsResult()
    {
        int calls = 0;
        AIFunction weather = AIFunctionFactory.Create((string city) => { calls++; return "{\"condition\": \"sunny\", \"temperature\": 21}"; }, "get_weather", "Gets the current weather of a city.");
        IChatClient agent = _client.AsBuilder().UseFunctionInvocation().Build();

        ChatResponse response = await agent.GetResponseAsync("What is the weather in Paris?", new ChatOptions { Temperature = 0, Tools = [weather, Light] });

        Assert.Equal(1, calls);
        Assert.Contains("Paris", response.Text, StringComparison.Ordinal);
        Assert.Equal([ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant], response.Messages.Select(message => message.Role));
    }

    [Fact]
    public async Task Required_TwoHundredSampledAnswers_AreCallsThatFitTheSchema()
    {
        string[] questions = ["What is the weather in Rome?", "Order tea.", "Turn on the light in the hall.", "Tell me a story.", "2 + 2?"];
        JsonSchema schema = await JsonSchema.FromJsonAsync(Order.JsonSchema.GetRawText());
        ChatResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => _client.GetResponseAsync(
            questions[i % questions.Length],
            new ChatOptions { Temperature = 1.5f, Seed = i, Tools = [Weather, Light, Order], ToolMode = ChatToolMode.RequireAny, MaxOutputTokens = 120 })));

        Assert.All(answers, answer => Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason));
        FunctionCallContent[] calls = [.. answers.SelectMany(answer => answer.Messages[0].Contents).OfType<FunctionCallContent>()];
        Assert.All(answers, answer => Assert.All(answer.Messages[0].Contents, content => Assert.IsType<FunctionCallContent>(content)));
        Assert.True(calls.Length >= 200);
        Assert.Equal(calls.Length, calls.Select(call => call.CallId).Distinct().Count());
        Assert.All(calls, call => Assert.Contains(call.Name, (string[])["get_weather", "set_light", "order"]));
        Assert.All(calls.Where(call => call.Name == "order"), call => Assert.Empty(schema.Validate(JsonSerializer.Serialize(call.Arguments, AIJsonUtilities.DefaultOptions))));
        Assert.True(calls.Select(call => call.Name).Distinct().Count() > 1);
    }

    [Fact]
    public async Task Auto_SampledAnswers_AreTextOrWholeCalls()
    {
        ChatResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => _client.GetResponseAsync(
            i % 2 == 0 ? "What is the weather in Oslo?" : "Tell me a story.", new ChatOptions { Temperature = 1.2f, Seed = i, Tools = [Weather, Light], MaxOutputTokens = 100 })));

        Assert.DoesNotContain(answers, answer => answer.Text.Contains("<tool_call>", StringComparison.Ordinal));
        Assert.Contains(answers, answer => answer.FinishReason == ChatFinishReason.ToolCalls);
        Assert.Contains(answers, answer => answer.Text.Length > 0);
    }

    [Fact]
    public async Task Specific_AnotherToolFitsBetter_CallsTheOneThatIsRequired()
    {
        var options = new ChatOptions { Temperature = 0, Tools = [Weather, Light], ToolMode = ChatToolMode.RequireSpecific("set_light") };

        ChatResponse response = await _client.GetResponseAsync("What is the weather in Paris?", options);

        Assert.Equal("set_light", Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents)).Name);
    }

    [Fact]
    public async Task OneCallOnly_SampledAnswers_HaveOne()
    {
        ChatResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => _client.GetResponseAsync(
            "What is the weather in Oslo and in Rome?",
            new ChatOptions { Temperature = 1.5f, Seed = i, Tools = [Weather, Light], ToolMode = ChatToolMode.RequireAny, AllowMultipleToolCalls = false, MaxOutputTokens = 100 })));

        Assert.All(answers, answer => Assert.Single(answer.Messages[0].Contents.OfType<FunctionCallContent>()));
    }

    [Fact]
    public async Task Streamed_SameSeed_EqualsWhole()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var options = new ChatOptions { Temperature = 1, Seed = seed, Tools = [Weather, Light], MaxOutputTokens = 80 };
            ChatResponse whole = await _client.GetResponseAsync("What is the weather in Bern?", options);
            ChatResponse streamed = await _client.GetStreamingResponseAsync("What is the weather in Bern?", options).ToChatResponseAsync();

            Assert.Equal(Describe(whole), Describe(streamed));
        }

        static string Describe(ChatResponse response) => response.FinishReason + " " + string.Join('|', response.Messages.SelectMany(message => message.Contents)
            .Select(content => content is FunctionCallContent call ? $"{call.Name} {JsonSerializer.Serialize(call.Arguments, AIJsonUtilities.DefaultOptions)}" : content.ToString()));
    }

    [Fact]
    public async Task ToolsAndASchema_SampledAnswers_AreCallsOrTheJson()
    {
        ChatResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => _client.GetResponseAsync(
            i % 2 == 0 ? "What is the weather in Oslo?" : "Describe a city as JSON.",
            new ChatOptions { Temperature = 1.3f, Seed = i, Tools = [Weather], ResponseFormat = ChatResponseFormat.ForJsonSchema<City>(), MaxOutputTokens = 100 })));

        foreach (ChatResponse answer in answers)
        {
            if (answer.FinishReason != ChatFinishReason.ToolCalls)
            {
                Assert.NotNull(JsonSerializer.Deserialize<City>(answer.Text, AIJsonUtilities.DefaultOptions));
            }
        }

        Assert.Contains(answers, answer => answer.FinishReason == ChatFinishReason.ToolCalls);
        Assert.Contains(answers, answer => answer.FinishReason == ChatFinishReason.Stop);
    }

    [Fact]
    public async Task TwentyNineTools_UnicodeArguments_SurviveTheRoundTrip()
    {
        AITool[] tools = [.. Enumerable.Range(0, 28).Select(i => AIFunctionFactory.Create((string id) => id, $"tool_{i}", "Does something."))];
        AIFunctionDeclaration say = AIFunctionFactory.CreateDeclaration("say", "Says it.", JsonElement.Parse("""{"type":"object","properties":{"text":{"enum":["Grüße, 世界 🦙 \"\\\n"]}},"required":["text"]}"""));
        var options = new ChatOptions { Temperature = 0, Tools = [.. tools, say], ToolMode = ChatToolMode.RequireSpecific("say") };

        ChatResponse response = await _client.GetResponseAsync("Say it.", options);
        var call = Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents));

        Assert.Equal("Grüße, 世界 🦙 \"\\\n", ((JsonElement)call.Arguments!["text"]!).GetString());
        ChatMessage[] history = [new(ChatRole.User, "Say it."), response.Messages[0], new(ChatRole.Tool, [new FunctionResultContent(call.CallId, "Grüße, 世界 🦙")])];
        Assert.NotEmpty((await _client.GetResponseAsync(history, new ChatOptions { Temperature = 0, Tools = [say], MaxOutputTokens = 20 })).Messages[0].Contents);
    }

    [Fact]
    public async Task GetResponseOfT_NestedRecordWithEnumsAndDates_RoundTripsAHundredTimes()
    {
        ChatResponse<Trip>[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => _client.GetResponseAsync<Trip>(
            "Plan a trip.", new ChatOptions { Temperature = 0.8f, Seed = i, MaxOutputTokens = 100 })));

        Assert.All(answers, answer => Assert.NotNull(answer.Result.From.City));
        Assert.True(answers.Select(answer => answer.Result).Distinct().Count() > 3);
    }

    private sealed record City(string Name, int Founded);

    private enum Means
    {
        Train,
        Ship,
        Bicycle,
    }

    private sealed record Place(string City, DateOnly Day);

    private sealed record Trip(Place From, Place To, Means By, DateTimeOffset Booked, decimal? Price);
}
