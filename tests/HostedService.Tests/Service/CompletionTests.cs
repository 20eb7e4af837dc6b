using System.Text.Json;

namespace HostedService.Tests.Service;

public sealed class CompletionTests(DefaultService shared)
{
    private readonly TestService _service = shared.Service;

    [Fact]
    public async Task Complete_Prompt_IsContinuedWithoutATemplate()
    {
        JsonElement answer = await PostAsync("""{"model":"pocket-chat","prompt":"The capital of France","temperature":0}""");

        Assert.Equal("text_completion", answer.GetProperty("object").GetString());
        Assert.StartsWith(" is Paris", answer.GetProperty("choices")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.True(answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32() < 6);
    }

    [Fact]
    public async Task Complete_NoLimit_EndsAtOpenAIsOwn()
    {
        JsonElement answer = await PostAsync("""{"model":"pocket-chat","prompt":"Once upon a time","temperature":0,"logit_bias":{"0":-100,"2":-100}}""");

        Assert.Equal((16, "length"), (answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32(), answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString()));
    }

    [Fact]
    public async Task Complete_SeveralPromptsAndEcho_AreInOrder()
    {
        JsonElement answer = await PostAsync("""{"model":"pocket-chat","prompt":["The capital of France","The capital of Italy"],"n":2,"echo":true,"temperature":0,"max_tokens":3}""");

        string[] texts = [.. answer.GetProperty("choices").EnumerateArray().Select(static choice => choice.GetProperty("text").GetString()!)];
        Assert.Equal(4, texts.Length);
        Assert.All(texts[..2], static text => Assert.StartsWith("The capital of France is", text, StringComparison.Ordinal));
        Assert.All(texts[2..], static text => Assert.StartsWith("The capital of Italy is", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stream_Prompt_IsWhole()
    {
        using HttpResponseMessage response = await _service.PostAsync(
            "/v1/completions", """{"model":"pocket-chat","prompt":"The capital of France","temperature":0,"stream":true,"stream_options":{"include_usage":true}}""");

        string[] events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        JsonElement[] chunks = [.. events[..^1].Select(static line => JsonElement.Parse(line[6..]))];
        Assert.StartsWith(" is Paris", string.Concat(chunks[..^1].Select(static chunk => chunk.GetProperty("choices")[0].GetProperty("text").GetString())), StringComparison.Ordinal);
        Assert.True(chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32() > 3);
    }

    [Theory]
    [InlineData("""{"model":"pocket-chat"}""", "Missing required parameter: 'prompt'.")]
    [InlineData("""{"model":"pocket-chat","prompt":[]}""", "Invalid 'prompt': empty array. Expected an array with minimum length 1, but got an empty array instead.")]
    [InlineData("""{"model":"pocket-chat","prompt":[1,2]}""", "Invalid 'prompt[0]': token ids belong to the tokenizer that made them, and this model has its own. Send texts.")]
    [InlineData("""{"model":"pocket-chat","prompt":[[1],[2]]}""", "Invalid 'prompt[0]': token ids belong to the tokenizer that made them, and this model has its own. Send texts.")]
    [InlineData("""{"model":"pocket-chat","prompt":"x","n":9}""", "Invalid 'n': integer above maximum value. Expected a value <= 8, but got 9 instead.")]
    [InlineData("""{"model":"pocket-chat","prompt":["a","b","c"],"n":3}""", "Invalid 'n': integer above maximum value. Expected a value <= 2, but got 3 instead.")]
    [InlineData("""{"model":"pocket-chat","prompt":["1","2","3","4","5","6","7","8","9"]}""", "Invalid 'prompt': it has 9 texts, but a request may have 8. Send them in several requests.")]
    public async Task Complete_WrongPrompt_IsRefused(string request, string message)
    {
        using HttpResponseMessage response = await _service.PostAsync("/v1/completions", request);

        ErrorObject error = await ErrorObject.ReadAsync(response);
        Assert.Equal((400, message), ((int)error.Status, error.Message));
    }

    private async Task<JsonElement> PostAsync(string json)
    {
        using HttpResponseMessage response = await _service.PostAsync("/v1/completions", json);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonElement.Parse(body);
    }
}
