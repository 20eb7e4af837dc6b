using Microsoft.Extensions.Logging.Testing;

namespace HostedService.Tests.Service;

/// <summary>Callers that leave.</summary>
public sealed class LeavingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Leave_InAStream_FreesTheRequest(int n)
    {
        await using TestService service = await TestService.StartAsync();
        using (HttpResponseMessage response = await service.StartEndlessStreamAsync(n))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            for (int line = 0; line < 20; line++)
            {
                Assert.NotNull(await reader.ReadLineAsync());
            }

            Assert.Equal(n, service.Engine.GetSnapshot().RunningRequests);
        }

        await service.WaitForIdleAsync();
        Assert.Contains("POST /v1/chat/completions 499: the caller left after", await LoggedAsync(service), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leave_BeforeAWholeAnswer_FreesTheRequest()
    {
        await using TestService service = await TestService.StartAsync();
        using var leaving = new CancellationTokenSource();
        Task<HttpResponseMessage> answer = service.PostAsync("/v1/chat/completions", TestService.EndlessRequest(stream: false), leaving.Token);
        while (service.Engine.GetSnapshot().RunningRequests == 0)
        {
            await Task.Delay(5);
        }

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await service.WaitForIdleAsync();
        Assert.Contains(" 499: ", await LoggedAsync(service), StringComparison.Ordinal);
    }

    /// <summary>What the service said of it; the line follows the engine's end by a moment.</summary>
    private static async Task<string> LoggedAsync(TestService service)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            if (service.Log.GetSnapshot().FirstOrDefault(static record => record.Message.Contains("499", StringComparison.Ordinal)) is { } record)
            {
                Assert.Null(record.Exception);
                return record.Message;
            }

            await Task.Delay(10, patience.Token);
        }
    }
}
