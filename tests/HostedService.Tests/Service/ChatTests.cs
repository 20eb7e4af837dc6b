using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = OpenAI.Chat.ChatFinishReason;

namespace HostedService.Tests.Service;

/// <summary>Chats through the real OpenAI client, and through Microsoft.Extensions.AI's adapter of it.</summary>
public sealed class ChatTests(DefaultService shared)
{
    private readonly TestService _service = shared.Service;

    private ChatClient Client => _service.CreateOpenAI().GetChatClient(TestService.Model);

    [Fact]
    public async Task Complete_Question_AnswersWithUsage()
    {
        ChatCompletion answer = await Client.CompleteChatAsync([new UserChatMessage("What is the capital of France?")], new ChatCompletionOptions { Temperature = 0 });

        Assert.Equal("The capital of France is Paris.", answer.Content[0].Text);
        Assert.Equal((ChatFinishReason.Stop, TestService.Model), (answer.FinishReason, answer.Model));
        Assert.Equal((15, 7, 22), (answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount));
        Assert.StartsWith("chatcmpl-", answer.Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteStreaming_Question_EqualsTheWholeAnswer()
    {
        string text = "";
        var ids = new HashSet<string>();
        ChatFinishReason? reason = null;
        ChatTokenUsage? usage = null;
        await foreach (StreamingChatCompletionUpdate update in Client.CompleteChatStreamingAsync(
            [new UserChatMessage("What is the capital of France?")], new ChatCompletionOptions { Temperature = 0 }))
        {
            text += string.Concat(update.ContentUpdate.Select(static part => part.Text));
            ids.Add(update.CompletionId);
            reason = update.FinishReason ?? reason;
            usage = update.Usage ?? usage;
        }

        Assert.Equal("The capital of France is Paris.", text);
        Assert.Equal(ChatFinishReason.Stop, reason);
        Assert.Equal((15, 7), (usage!.InputTokenCount, usage.OutputTokenCount));
        Assert.Single(ids);
    }

    [Fact]
    public async Task Complete_SeedAndLimits_AreObeyed()
    {
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 9, Temperature = 1 };
#pragma warning disable OPENAI001 // Seed is marked as experimental.
        options.Seed = 5;
#pragma warning restore OPENAI001

        ChatCompletion first = await Client.CompleteChatAsync([new UserChatMessage("Tell me a story.")], options);
        ChatCompletion second = await Client.CompleteChatAsync([new UserChatMessage("Tell me a story.")], options);

        Assert.Equal(first.Content[0].Text, second.Content[0].Text);
        Assert.Equal((ChatFinishReason.Length, 9), (first.FinishReason, first.Usage.OutputTokenCount));
    }

    [Fact]
    public async Task Complete_StopText_EndsBeforeIt()
    {
        var options = new ChatCompletionOptions { Temperature = 0 };
        options.StopSequences.Add(" is");

        ChatCompletion answer = await Client.CompleteChatAsync([new UserChatMessage("What is the capital of France?")], options);

        Assert.Equal(("The capital of France", ChatFinishReason.Stop), (answer.Content[0].Text, answer.FinishReason));
    }

    [Fact]
    public async Task Complete_Schema_IsFollowed()
    {
        var options = new ChatCompletionOptions
        {
            Temperature = 0,
            ResponseFormat = OpenAI.Chat.ChatResponseFormat.CreateJsonSchemaFormat(
                "city",
                BinaryData.FromString("""{"type":"object","properties":{"name":{"type":"string","maxLength":20},"inhabitants":{"type":"integer"}},"required":["name","inhabitants"],"additionalProperties":false}"""),
                jsonSchemaIsStrict: true),
        };

        ChatCompletion answer = await Client.CompleteChatAsync([new UserChatMessage("Describe a city as JSON.")], options);

        JsonElement city = JsonElement.Parse(answer.Content[0].Text);
        Assert.Equal(["name", "inhabitants"], city.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(JsonValueKind.Number, city.GetProperty("inhabitants").ValueKind);
    }

    [Fact]
    public async Task Complete_JsonObject_IsOne()
    {
        ChatCompletion answer = await Client.CompleteChatAsync(
            [new UserChatMessage("Describe a city as JSON.")],
            new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 100, ResponseFormat = OpenAI.Chat.ChatResponseFormat.CreateJsonObjectFormat() });

        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(answer.Content[0].Text).ValueKind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetResponse_FunctionsInvokedByMiddleware_AreCalledAndAnsweredFrom(bool streaming)
    {
        List<string> cities = [];
        AIFunction weather = AIFunctionFactory.Create(
            (string city) =>
            {
                cities.Add(city);
                return "rain, 12 degrees";
            },
            "get_weather", "Gets the current weather of a city.");
        using IChatClient client = Client.AsIChatClient().AsBuilder().UseFunctionInvocation().Build();
        var options = new ChatOptions { Temperature = 0, Tools = [weather] };

        ChatResponse answer = streaming
            ? await client.GetStreamingResponseAsync("What is the weather in Paris?", options).ToChatResponseAsync()
            : await client.GetResponseAsync("What is the weather in Paris?", options);

        Assert.Equal(["Paris"], cities);
        Assert.Contains("Paris", answer.Text, StringComparison.Ordinal);
        Assert.Contains(answer.Messages, static message => message.Role == ChatRole.Tool);
    }

    [Fact]
    public async Task Complete_RequiredTool_IsCalled()
    {
        var options = new ChatCompletionOptions { Temperature = 0, ToolChoice = ChatToolChoice.CreateFunctionChoice("get_time"), AllowParallelToolCalls = false };
        options.Tools.Add(ChatTool.CreateFunctionTool("get_weather", "Gets the weather.", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}""")));
        options.Tools.Add(ChatTool.CreateFunctionTool(
            "get_time", "Gets the local time of a city.", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""")));

        ChatCompletion answer = await Client.CompleteChatAsync([new UserChatMessage("What is the weather in Rome?")], options);

        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
        ChatToolCall call = Assert.Single(answer.ToolCalls);
        Assert.Equal("get_time", call.FunctionName);
        Assert.Equal(JsonValueKind.String, JsonElement.Parse(call.FunctionArguments.ToString()).GetProperty("city").ValueKind);
    }

    [Fact]
    public async Task GetResponse_ThroughTheAdapter_CarriesOurOptions()
    {
        using IChatClient client = Client.AsIChatClient();
        var options = new ChatOptions
        {
            RawRepresentationFactory = static _ =>
            {
                var raw = new ChatCompletionOptions();
#pragma warning disable SCME0001 // The way in for members that the client does not know is marked as experimental.
                raw.Patch.Set("$['llama.regex']"u8, "(?:yes|no), it is [a-z]{3,9}[.]");
#pragma warning restore SCME0001
                return raw;
            },
        };

        ChatResponse answer = await client.GetResponseAsync("Is the sky blue?", options);

        Assert.Matches("^(?:yes|no), it is [a-z]{3,9}[.]$", answer.Text);
    }

    [Fact]
    public async Task Stream_TwoChoices_AreBothWholeAndEndOnce()
    {
        using HttpResponseMessage response = await _service.PostAsync(
            "/v1/chat/completions",
            """{"model":"pocket-chat","stream":true,"n":2,"seed":3,"temperature":1,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Tell me a story."}]}""");
        string body = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        string[] events = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, static line => Assert.StartsWith("data: ", line, StringComparison.Ordinal));
        Assert.Equal("data: [DONE]", events[^1]);
        JsonElement[] chunks = [.. events[..^1].Select(static line => JsonElement.Parse(line[6..]))];
        Assert.True(chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 20);
        JsonElement[] choices = [.. chunks[..^1].Select(static chunk => chunk.GetProperty("choices")[0])];
        string[] texts =
        [
            .. Enumerable.Range(0, 2).Select(index => string.Concat(choices
                .Where(choice => choice.GetProperty("index").GetInt32() == index && choice.GetProperty("delta").TryGetProperty("content", out _))
                .Select(static choice => choice.GetProperty("delta").GetProperty("content").GetString()))),
        ];
        Assert.All(texts, static text => Assert.True(text.Length > 20, text));
        Assert.NotEqual(texts[0], texts[1]);
        Assert.Equal(2, choices.Count(static choice => choice.GetProperty("finish_reason").ValueKind == JsonValueKind.String));
    }
}
