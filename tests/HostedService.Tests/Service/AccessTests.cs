using System.ClientModel;
using System.Net;
using OpenAI.Chat;

namespace HostedService.Tests.Service;

public sealed class AccessTests(DefaultService shared)
{
    private const string Key = "a-key-of-enough-characters";

    [Fact]
    public async Task Send_KeysConfigured_LetsKeysInAndOthersNot()
    {
        await using TestService service = await TestService.StartAsync("--Service:ApiKeys:0=another-key-of-enough-characters", $"--Service:ApiKeys:1={Key}");

        ChatCompletion answer = await service.CreateOpenAI(Key).GetChatClient(TestService.Model).CompleteChatAsync(new UserChatMessage("What is the capital of France?"));
        Assert.NotEmpty(answer.Content[0].Text);
        var refused = await Assert.ThrowsAsync<ClientResultException>(
            () => service.CreateOpenAI("wrong").GetChatClient(TestService.Model).CompleteChatAsync(new UserChatMessage("x")));
        Assert.Equal(401, refused.Status);
        Assert.Equal(
            (HttpStatusCode.Unauthorized, "You didn't provide an API key. Provide it in the header Authorization: Bearer YOUR_KEY.", "invalid_api_key"), await GetAsync(service, "/v1/models", null));
        Assert.Equal((HttpStatusCode.Unauthorized, "Incorrect API key provided. Ask whoever runs this service for one.", "invalid_api_key"), await GetAsync(service, "/metrics", "Bearer no"));
        using HttpResponseMessage health = await service.Http.GetAsync("/health");
        using HttpResponseMessage page = await service.Http.GetAsync("/");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (health.StatusCode, page.StatusCode));
    }

    [Fact]
    public async Task Send_NoKeysAndAnotherHostsName_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Host = "attacker.example";
        using HttpResponseMessage response = await shared.Service.Http.SendAsync(request);

        ErrorObject error = await ErrorObject.ReadAsync(response);
        Assert.Equal(
            (HttpStatusCode.Forbidden, "This service has no API keys, so it serves callers on its own machine only. Set Service:ApiKeys to serve others."), (error.Status, error.Message));
    }

    private static async Task<(HttpStatusCode Status, string Message, string? Code)> GetAsync(TestService service, string path, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null)
        {
            request.Headers.Add("Authorization", authorization);
        }

        using HttpResponseMessage response = await service.Http.SendAsync(request);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        ErrorObject error = await ErrorObject.ReadAsync(response);
        return (error.Status, error.Message, error.Code);
    }
}
