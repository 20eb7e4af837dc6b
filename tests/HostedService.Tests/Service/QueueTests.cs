using System.ClientModel;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenAI.Chat;

namespace HostedService.Tests.Service;

public sealed class QueueTests
{
    [Fact]
    public async Task Post_QueueIsFull_Is429WithRetryAfter()
    {
        await using TestService service = await TestService.StartAsync(
            "--Models:pocket-chat:Engine:QueueLimit=1", "--Models:pocket-chat:Engine:Sequences=1", "--Service:RetryAfter=00:00:07");
        using (await service.StartEndlessStreamAsync())
        {
            using HttpResponseMessage response = await service.PostAsync("/v1/chat/completions", TestService.EndlessRequest(stream: true));
            ErrorObject error = await ErrorObject.ReadAsync(response);
            Assert.Equal(
                (HttpStatusCode.TooManyRequests,
                    "The engine holds 1 requests and may hold 1. Try again when some have ended, or raise the queue limit. The header Retry-After says when.",
                    "rate_limit_error", "rate_limit_exceeded"),
                (error.Status, error.Message, error.Type, error.Code));
            Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);

            var fromClient = await Assert.ThrowsAsync<ClientResultException>(
                () => service.CreateOpenAI().GetChatClient(TestService.Model).CompleteChatAsync(new UserChatMessage("x")));
            Assert.Equal(429, fromClient.Status);
            HealthReport health = await service.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
            Assert.Equal(HealthStatus.Degraded, health.Status);
        }

        await service.WaitForIdleAsync();
        ChatCompletion answer = await service.CreateOpenAI().GetChatClient(TestService.Model).CompleteChatAsync(new UserChatMessage("What is the capital of France?"));
        Assert.NotEmpty(answer.Content[0].Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_OneOfSeveralChoicesFindsNoPlace_LeavesNoneRunning(bool stream)
    {
        await using TestService service = await TestService.StartAsync("--Models:pocket-chat:Engine:QueueLimit=2", "--Models:pocket-chat:Engine:Sequences=2");

        using HttpResponseMessage response = await service.PostAsync("/v1/chat/completions", TestService.EndlessRequest(stream, n: 3));

        Assert.Equal(HttpStatusCode.TooManyRequests, (await ErrorObject.ReadAsync(response)).Status);
        await service.WaitForIdleAsync();
    }
}
