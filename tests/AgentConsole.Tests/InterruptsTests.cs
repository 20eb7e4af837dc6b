namespace AgentConsole.Tests;

public class InterruptsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Raise_NothingRuns_IsTheProgramsEndUnlessAChatSaysNo(bool mayEndProgram)
    {
        using var interrupts = new Interrupts { MayEndProgram = mayEndProgram };

        Assert.Equal(!mayEndProgram, interrupts.Raise());
        await interrupts.RunAsync(_ => Task.FromResult(0));
        Assert.Equal(!mayEndProgram, interrupts.Raise());
    }

    [Fact]
    public async Task Raise_Running_CancelsItOnce()
    {
        using var interrupts = new Interrupts();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => interrupts.RunAsync<int>(async token =>
        {
            Assert.True(interrupts.Raise());
            Assert.False(interrupts.Raise());
            await Task.Delay(Timeout.Infinite, token);
            return 0;
        }));
    }
}
