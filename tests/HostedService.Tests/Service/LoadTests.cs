using HostedService.Load;

namespace HostedService.Tests.Service;

/// <summary>Many callers, a third of whose requests are left in the middle. <c>HOSTED_SERVICE_LOAD_SECONDS</c> makes it longer.</summary>
public sealed class LoadTests
{
    [Fact]
    public async Task Load_ManyCallers_BreaksNothing()
    {
        int seconds = int.TryParse(Environment.GetEnvironmentVariable("HOSTED_SERVICE_LOAD_SECONDS"), out int wanted) ? wanted : 5;
        await using TestService service = await TestService.StartAsync();

        LoadReport report = await LoadTest.RunAsync(new LoadOptions(service.Address, TestService.Model, Clients: 32, TimeSpan.FromSeconds(seconds)));

        Assert.Empty(report.Complaints());
        Assert.True(report.Count(LoadOutcome.Whole) >= 32, $"{report.Count(LoadOutcome.Whole)} whole answers");
        Assert.True(report.Count(LoadOutcome.Left) >= 10, $"{report.Count(LoadOutcome.Left)} left");
        Assert.Equal(0, report.Count(LoadOutcome.Refused));
        await service.WaitForIdleAsync();
    }

    [Fact]
    public async Task Load_TinyQueue_RefusesOnlyByRule()
    {
        await using TestService service = await TestService.StartAsync("--Models:pocket-chat:Engine:QueueLimit=4", "--Models:pocket-chat:Engine:Sequences=2");

        LoadReport report = await LoadTest.RunAsync(new LoadOptions(service.Address, TestService.Model, Clients: 16, TimeSpan.FromSeconds(2)));

        Assert.Empty(report.Complaints());
        Assert.True(report.Count(LoadOutcome.Refused) > 0);
        Assert.True(report.Count(LoadOutcome.Whole) > 0);
        await service.WaitForIdleAsync();
    }
}
