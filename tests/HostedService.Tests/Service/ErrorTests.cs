using System.ClientModel;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenAI.Chat;

namespace HostedService.Tests.Service;

/// <summary>What callers get wrong, as bytes on the line.</summary>
public sealed class ErrorTests(DefaultService shared)
{
    private const string Chat = "/v1/chat/completions";

    private readonly TestService _service = shared.Service;

    public static TheoryData<string> Malformed =>
    [
        "", "{", "nul", "[1,2]", "\"text\"", "{\"model\":", "{\"a\":1}}", "{\"messages\":[{}]}", "{\"model\":{}}", "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"\\ud83d\"}]}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":1e999}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":-1}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stop\":\"\"}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"logit_bias\":{\"-1\":1}}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"logit_bias\":{\"x\":1}}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"llama.grammar\":\"root ::= (\"}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"llama.samplers\":[{\"type\":\"?\"}]}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"llama.regex\":\"(\"}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"llama.beam_search\":{\"width\":-1}}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"llama.lora\":{\"law\":1}}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"llama.min_p\":null}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"llama.min_p\":{\"a\":[]}}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"type\":\"nonsense\"}}}}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":5}}}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"$ref\":\"#/nowhere\"}}}}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"parameters\":[]}}]}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\"}},{\"type\":\"function\",\"function\":{\"name\":\"a\"}}]}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"nobody\",\"content\":\"x\"}]}",
        "{\"model\":\"pocket-chat\",\"messages\":[{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}]}",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Post_WrongBody_Is400WithAnErrorObject(string body)
    {
        using HttpResponseMessage response = await _service.PostAsync(Chat, body);

        ErrorObject error = await ErrorObject.ReadAsync(response);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request_error"), (error.Status, error.Type));
        Assert.NotEmpty(error.Message);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task PostStream_WrongBody_Is400AndNoStream(string body)
    {
        using HttpResponseMessage response = await _service.PostAsync(Chat, body.StartsWith("{\"model\":\"pocket", StringComparison.Ordinal) ? "{\"stream\":true," + body[1..] : body);

        Assert.Equal(HttpStatusCode.BadRequest, (await ErrorObject.ReadAsync(response)).Status);
    }

    [Fact]
    public async Task Post_InvalidUtf8_Is400()
    {
        using HttpResponseMessage response = await _service.PostAsync(Chat, [.. "{\"model\":\""u8, 0xFF, .. "\"}"u8]);

        ErrorObject error = await ErrorObject.ReadAsync(response);
        Assert.Equal(("The request's body is not UTF-8: the byte at offset 10 begins no character. Encode it as UTF-8.", "invalid_json"), (error.Message, error.Code));
    }

    [Theory]
    [InlineData("{}", 400, "model", "Missing required parameter: 'model'.")]
    [InlineData("""{"model":"gpt-9"}""", 404, "model", "The model 'gpt-9' does not exist. Use one of these: 'pocket-chat'.")]
    [InlineData("""{"model":"pocket-chat","messages":[{"role":"user","content":"x"}],"n":0}""", 400, "n", "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.")]
    [InlineData("""{"model":"pocket-chat","messages":[{"role":"user","content":"x"}],"n":9}""", 400, "n", "Invalid 'n': integer above maximum value. Expected a value <= 8, but got 9 instead.")]
    [InlineData("""{"model":"pocket-chat","messages":[{"role":"user","content":"x"}],"llama.min_q":1}""", 400, "llama.min_q", "llama.min_q is set, but this version does not support it, and it is not ignored silently. Leave it unset.")]
    public async Task Post_WrongValue_SaysWhich(string body, int status, string param, string message)
    {
        using HttpResponseMessage response = await _service.PostAsync(Chat, body);

        ErrorObject error = await ErrorObject.ReadAsync(response);
        Assert.Equal((status, param, message), ((int)error.Status, error.Param, error.Message));
    }

    [Fact]
    public async Task Post_LongConversation_Is400WithOpenAIsCode()
    {
        string text = string.Concat(Enumerable.Repeat("one two three ", 2000));

        var error = await Assert.ThrowsAsync<ClientResultException>(() => _service.CreateOpenAI().GetChatClient(TestService.Model).CompleteChatAsync(new UserChatMessage(text)));

        Assert.Equal(400, error.Status);
        Assert.Contains("context_length_exceeded", error.Message, StringComparison.Ordinal);
        Assert.Contains("tokens, but the context holds 2048", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_UnknownModel_Is404ForTheClient()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => _service.CreateOpenAI().GetChatClient("gpt-9").CompleteChatAsync(new UserChatMessage("x")));

        Assert.Equal(404, error.Status);
        Assert.Contains("model_not_found", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/chat/completions", 405, "Not allowed to GET on /v1/chat/completions. (HINT: Perhaps you meant to use a different HTTP method?)")]
    [InlineData("POST", "/v1/models", 405, "Not allowed to POST on /v1/models. (HINT: Perhaps you meant to use a different HTTP method?)")]
    [InlineData("GET", "/v1/nothing", 404, "Invalid URL (GET /v1/nothing)")]
    [InlineData("GET", "/v1/models/none/of/them", 404, "The model 'none/of/them' does not exist. Use one of these: 'pocket-chat'.")]
    public async Task Send_WrongAddress_IsAnErrorObject(string method, string path, int status, string message)
    {
        using HttpResponseMessage response = await _service.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        ErrorObject error = await ErrorObject.ReadAsync(response);
        Assert.Equal((status, message), ((int)error.Status, error.Message));
    }

    [Fact]
    public async Task Post_OtherContentType_Is415()
    {
        using HttpResponseMessage response = await _service.Http.PostAsync(Chat, new StringContent("{}", Encoding.UTF8, "text/plain"));

        ErrorObject error = await ErrorObject.ReadAsync(response);
        Assert.Equal((415, "The request's Content-Type is 'text/plain; charset=utf-8', but must be application/json. Set the header."), ((int)error.Status, error.Message));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_HugeBody_Is413(bool chunked)
    {
        using var content = new ByteArrayContent(new byte[5 * 1024 * 1024]);
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage response = await _service.Http.SendAsync(request);

        ErrorObject error = await ErrorObject.ReadAsync(response);
        Assert.Equal(
            (413, "The request's body is larger than Service:MaxRequestBytes allows. Send less.", "request_too_large"), ((int)error.Status, error.Message, error.Code));
    }

    [Fact]
    public async Task Send_NoHttpAtAll_LeavesTheServiceWell()
    {
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(_service.Address.Host, _service.Address.Port);
            await socket.GetStream().WriteAsync(new byte[] { 0, 255, 13, 10, 13, 10 });
            _ = await socket.GetStream().ReadAsync(new byte[100]);
        }

        using HttpResponseMessage health = await _service.Http.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }
}
