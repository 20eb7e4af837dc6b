using System.Text;
using System.Text.Json;
using OpenAI.Chat;

namespace HostedService.Tests.Service;

/// <summary>Log-probabilities through the real OpenAI client, and as they are on the line.</summary>
public sealed class LogprobTests(DefaultService shared)
{
    private const string Question = """ "model":"pocket-chat","messages":[{"role":"user","content":"What is the capital of France?"}] """;
    private const string Schema = """
        "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object","properties":{"population":{"type":"integer"}},"required":["population"],"additionalProperties":false}}}
        """;

    private readonly TestService _service = shared.Service;

    private ChatClient Client => _service.CreateOpenAI().GetChatClient(TestService.Model);

    [Fact]
    public async Task CompleteChat_TopFive_HasEveryTokenOfTheText()
    {
        ChatCompletion answer = await Client.CompleteChatAsync([new UserChatMessage("What is the capital of France?")], Options(temperature: 0));

        Assert.Equal("The capital of France is Paris.", string.Concat(answer.ContentTokenLogProbabilities.Select(static token => token.Token)));
        Assert.Equal(answer.Content[0].Text, Encoding.UTF8.GetString([.. answer.ContentTokenLogProbabilities.SelectMany(static token => token.Utf8Bytes!.Value.ToArray())]));
        Assert.All(answer.ContentTokenLogProbabilities, static token =>
        {
            Assert.Equal(5, token.TopLogProbabilities.Count);
            Assert.InRange(token.TopLogProbabilities.Sum(static other => Math.Exp(other.LogProbability)), 0.01, 1.0001);
            Assert.Equal(token.TopLogProbabilities.OrderByDescending(static other => other.LogProbability), token.TopLogProbabilities);

            // Without temperature the model's favourite is chosen.
            Assert.Equal((token.Token, token.LogProbability), (token.TopLogProbabilities[0].Token, token.TopLogProbabilities[0].LogProbability));
        });
    }

    [Fact]
    public async Task CompleteChatStreaming_TopFive_IsThatOfTheWholeAnswerPieceByPiece()
    {
        ChatCompletion whole = await Client.CompleteChatAsync([new UserChatMessage("What is the capital of France?")], Options(temperature: 0));
        List<ChatTokenLogProbabilityDetails> streamed = [];
        await foreach (StreamingChatCompletionUpdate update in Client.CompleteChatStreamingAsync([new UserChatMessage("What is the capital of France?")], Options(temperature: 0)))
        {
            string text = string.Concat(update.ContentUpdate.Select(static part => part.Text));
            Assert.Equal(text, string.Concat(update.ContentTokenLogProbabilities.Select(static token => token.Token)));
            streamed.AddRange(update.ContentTokenLogProbabilities);
        }

        Assert.Equal(whole.ContentTokenLogProbabilities.Select(static token => token.Token), streamed.Select(static token => token.Token));
        Assert.All(whole.ContentTokenLogProbabilities.Zip(streamed), static pair => Assert.Equal(pair.First.LogProbability, pair.Second.LogProbability, 0.05));
        Assert.All(streamed, static token => Assert.Equal(5, token.TopLogProbabilities.Count));
    }

    [Fact]
    public async Task CompleteChat_NotAsked_HasNone()
    {
        ChatCompletion answer = await Client.CompleteChatAsync([new UserChatMessage("What is the capital of France?")], new ChatCompletionOptions { Temperature = 0 });

        Assert.Empty(answer.ContentTokenLogProbabilities);
    }

    [Fact]
    public async Task Chat_Temperature_LeavesTheModelsOwnProbabilities()
    {
        JsonElement cold = (await PostAsync("/v1/chat/completions", $$"""{ {{Question}},"logprobs":true,"temperature":0}""")).GetProperty("choices")[0];
        JsonElement narrow = (await PostAsync("/v1/chat/completions", $$"""{ {{Question}},"logprobs":true,"temperature":1.5,"llama.top_k":1}""")).GetProperty("choices")[0];

        Assert.Equal(Logprobs(cold), Logprobs(narrow), static (a, b) => Math.Abs(a - b) < 0.05);
        Assert.All(Logprobs(cold), static logprob => Assert.True(logprob < 0));
        Assert.Contains(Logprobs(cold), static logprob => logprob < -1e-4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_TextThatASchemaForces_HasProbabilitiesOfTheModel(bool stream)
    {
        JsonElement[] tokens = stream
            ? [.. (await StreamAsync("/v1/chat/completions", $$"""{ {{Question}},{{Schema}},"logprobs":true,"temperature":0,"max_tokens":40,"stream":true}""")).SelectMany(Tokens)]
            : [.. Tokens((await PostAsync("/v1/chat/completions", $$"""{ {{Question}},{{Schema}},"logprobs":true,"temperature":0,"max_tokens":40}""")).GetProperty("choices")[0])];

        // "population" is forced, yet the model would hardly say it here.
        string text = string.Concat(tokens.Select(static token => token.GetProperty("token").GetString()));
        Assert.StartsWith("{\"population\":", string.Concat(text.Where(static character => !char.IsWhiteSpace(character))), StringComparison.Ordinal);
        Assert.True(tokens[0].GetProperty("logprob").GetDouble() < -1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_StopText_HasNoTokensOfIt(bool stream)
    {
        string request = $$"""{ {{Question}},"logprobs":true,"temperature":0,"stop":" is","stream":{{(stream ? "true" : "false")}}}""";
        JsonElement[] tokens = stream
            ? [.. (await StreamAsync("/v1/chat/completions", request)).SelectMany(Tokens)]
            : [.. Tokens((await PostAsync("/v1/chat/completions", request)).GetProperty("choices")[0])];

        Assert.Equal("The capital of France", string.Concat(tokens.Select(static token => token.GetProperty("token").GetString())));
    }

    [Fact]
    public async Task Chat_StreamOfTwoChoices_HasTheTokensOfEach()
    {
        JsonElement[] choices = await StreamAsync(
            "/v1/chat/completions", $$"""{ {{Question}},"logprobs":true,"top_logprobs":2,"n":2,"seed":3,"temperature":1,"max_tokens":30,"stream":true}""");

        foreach (IGrouping<int, JsonElement> choice in choices.GroupBy(static choice => choice.GetProperty("index").GetInt32()))
        {
            string text = string.Concat(choice.Select(static chunk => chunk.GetProperty("delta").TryGetProperty("content", out JsonElement content) ? content.GetString() : ""));
            byte[] bytes = [.. choice.SelectMany(Tokens).SelectMany(static token => token.GetProperty("bytes").EnumerateArray().Select(static value => value.GetByte()))];
            Assert.NotEmpty(text);
            Assert.Equal(text, Encoding.UTF8.GetString(bytes));
        }

        Assert.Equal(2, choices.Select(static choice => choice.GetProperty("index").GetInt32()).Distinct().Count());
    }

    [Fact]
    public async Task Chat_Drafts_ChangeNoProbability()
    {
        JsonElement plain = (await PostAsync("/v1/chat/completions", $$"""{ {{Question}},"logprobs":true,"temperature":0}""")).GetProperty("choices")[0];
        JsonElement drafted = (await PostAsync("/v1/chat/completions", $$"""{ {{Question}},"logprobs":true,"temperature":0,"llama.prompt_lookup":{"min_match":1,"adaptive":false} }""")).GetProperty("choices")[0];

        Assert.Equal(7, Tokens(plain).Count());
        Assert.Equal(Tokens(plain).Select(static token => token.GetProperty("token").GetString()), Tokens(drafted).Select(static token => token.GetProperty("token").GetString()));
        Assert.Equal(Logprobs(plain), Logprobs(drafted), static (a, b) => Math.Abs(a - b) < 0.05);
    }

    [Fact]
    public async Task Chat_Call_HasNoTokensInTheText()
    {
        JsonElement choice = (await PostAsync("/v1/chat/completions", """
            {"model":"pocket-chat","messages":[{"role":"user","content":"What is the weather in Rome?"}],"logprobs":true,"temperature":0,"tool_choice":"required",
             "tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]}
            """)).GetProperty("choices")[0];

        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Empty(Tokens(choice));
    }

    [Fact]
    public async Task Completion_Logprobs_AreFourListsOverTheText()
    {
        JsonElement choice = (await PostAsync("/v1/completions", """{"model":"pocket-chat","prompt":"The capital of France","temperature":0,"logprobs":3}""")).GetProperty("choices")[0];

        AssertTextLogprobs(choice.GetProperty("text").GetString()!, [choice.GetProperty("logprobs")]);
    }

    [Fact]
    public async Task Completion_Stream_HasOffsetsInTheWholeText()
    {
        JsonElement[] choices = await StreamAsync("/v1/completions", """{"model":"pocket-chat","prompt":"The capital of France","temperature":0,"logprobs":3,"stream":true}""");

        AssertTextLogprobs(string.Concat(choices.Select(static choice => choice.GetProperty("text").GetString())), [.. choices.Select(static choice => choice.GetProperty("logprobs"))]);
    }

    private static void AssertTextLogprobs(string text, JsonElement[] parts)
    {
        string[] tokens = [.. parts.SelectMany(static part => part.GetProperty("tokens").EnumerateArray()).Select(static token => token.GetString()!)];
        int[] offsets = [.. parts.SelectMany(static part => part.GetProperty("text_offset").EnumerateArray()).Select(static offset => offset.GetInt32())];
        JsonElement[] tops = [.. parts.SelectMany(static part => part.GetProperty("top_logprobs").EnumerateArray())];
        double[] logprobs = [.. parts.SelectMany(static part => part.GetProperty("token_logprobs").EnumerateArray()).Select(static logprob => logprob.GetDouble())];
        Assert.StartsWith(" is Paris", text, StringComparison.Ordinal);
        Assert.Equal(text, string.Concat(tokens));
        Assert.All(tokens.Zip(offsets), pair => Assert.Equal(pair.First, text.Substring(pair.Second, pair.First.Length)));
        Assert.All(tokens.Zip(tops, logprobs), static triple => Assert.Equal(triple.Third, triple.Second.GetProperty(triple.First).GetDouble()));
        Assert.All(tops, static top => Assert.InRange(top.EnumerateObject().Count(), 3, 4));
    }

    private static ChatCompletionOptions Options(float temperature) => new() { Temperature = temperature, IncludeLogProbabilities = true, TopLogProbabilityCount = 5 };

    private static IEnumerable<JsonElement> Tokens(JsonElement choice) =>
        choice.GetProperty("logprobs") is { ValueKind: JsonValueKind.Object } logprobs ? logprobs.GetProperty("content").EnumerateArray() : [];

    private static IEnumerable<double> Logprobs(JsonElement choice) => Tokens(choice).Select(static token => token.GetProperty("logprob").GetDouble());

    private async Task<JsonElement> PostAsync(string path, string request)
    {
        using HttpResponseMessage response = await _service.PostAsync(path, request);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonElement.Parse(body);
    }

    /// <summary>The choices of all chunks.</summary>
    private async Task<JsonElement[]> StreamAsync(string path, string request)
    {
        using HttpResponseMessage response = await _service.PostAsync(path, request);
        string[] events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events[..^1].Select(static line => JsonElement.Parse(line[6..]).GetProperty("choices")[0])];
    }
}
