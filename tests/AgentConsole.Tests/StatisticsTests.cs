using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace AgentConsole.Tests;

public class StatisticsTests
{
    [Fact]
    public void Stop_AnswerWithText_MeasuresFromTheStart()
    {
        var time = new FakeTimeProvider();
        var clock = new AnswerClock(time);
        time.Advance(TimeSpan.FromMilliseconds(500));
        clock.MarkText();
        time.Advance(TimeSpan.FromSeconds(2));
        clock.MarkText();

        Statistics statistics = clock.Stop(new UsageDetails { OutputTokenCount = 21 });

        Assert.Equal(new Statistics(21, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(2500)), statistics);
        Assert.Equal(10, statistics.TokensPerSecond);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    public void TokensPerSecond_TooFewTokens_IsUnknown(long? tokens) =>
        Assert.Null(new Statistics(tokens, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)).TokensPerSecond);

    [Fact]
    public void TokensPerSecond_AllAtOnce_IsUnknown() =>
        Assert.Null(new Statistics(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)).TokensPerSecond);
}
