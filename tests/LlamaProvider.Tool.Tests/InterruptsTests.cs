namespace LlamaProvider.Tool.Tests;

public class InterruptsTests
{
    [Fact]
    public async Task Raise_NothingRuns_IsTheProgramsEnd()
    {
        using var interrupts = new Interrupts();

        Assert.False(interrupts.Raise());
        await interrupts.RunAsync(_ => Task.FromResult(0));
        Assert.False(interrupts.Raise());
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
