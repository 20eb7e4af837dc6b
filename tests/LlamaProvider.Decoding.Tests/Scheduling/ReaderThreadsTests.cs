using LlamaProvider.Decoding.Scheduling;

namespace LlamaProvider.Decoding.Tests.Scheduling;

public sealed class ReaderThreadsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Run_ReaderThatBlocks_HoldsUpNoOther()
    {
        using var threads = new ReaderThreads();
        using var release = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(3);
        using var done = new CountdownEvent(20);
        for (int i = 0; i < 3; i++)
        {
            threads.Run(() =>
            {
                blocked.Signal();
                release.Wait();
            });
        }

        Assert.True(blocked.Wait(Patience));
        for (int i = 0; i < 20; i++)
        {
            threads.Run(() => done.Signal());
        }

        Assert.True(done.Wait(Patience), "Readers waited for one that blocks.");
        release.Set();
    }

    [Fact]
    public void Run_OneAfterAnother_UsesOneThreadAgain()
    {
        using var threads = new ReaderThreads();
        var used = new HashSet<int>();
        for (int i = 0; i < 50; i++)
        {
            using var done = new ManualResetEventSlim();
            threads.Run(() =>
            {
                used.Add(Environment.CurrentManagedThreadId);
                done.Set();
            });
            Assert.True(done.Wait(Patience));

            // The thread becomes idle just after it said so; without this pause a busy machine would rightly start another.
            Thread.Sleep(1);
        }

        Assert.InRange(used.Count, 1, 25);
    }

    [Fact]
    public void Run_AfterDispose_StillRunsTheReader()
    {
        var threads = new ReaderThreads();
        threads.Dispose();
        using var done = new ManualResetEventSlim();

        threads.Run(done.Set);

        Assert.True(done.Wait(Patience));
    }
}
