using AgentConsole.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace AgentConsole.Tests.Tools;

public class ClockToolTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 7, 1, 12, 30, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("Paris", "14:30")]
    [InlineData("new york", "08:30")]
    [InlineData("Japan", "21:30")]
    [InlineData("UTC", "12:30")]
    [InlineData(" Ho Chi Minh ", "19:30")]
    [InlineData("Atlantis", "No time zone is known for Atlantis. Ask for its country, or for a large city near it.")]
    [InlineData("United States", "No time zone is known for United States. Ask for its country, or for a large city near it.")]
    public async Task GetTime_Place_IsItsLocalTime(string city, string time) =>
        Assert.Equal(time, (await new ClockTool(Time).ToFunction().InvokeAsync(new() { ["city"] = city }))?.ToString());
}
