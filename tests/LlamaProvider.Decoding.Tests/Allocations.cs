namespace LlamaProvider.Decoding.Tests;

/// <summary>Tells what allocates each time from what does not.</summary>
internal static class Allocations
{
    private const int SmallestObject = 24;

    /// <summary>Fails when something that is done many times allocates each time. What grows now and then may.</summary>
    /// <remarks>A collection that another thread causes meanwhile can count what was left of the thread's own buffer, 8 KiB, as allocated; so a few thousand bytes tell nothing.</remarks>
    public static void AssertNoneEachTime(int times, Action act)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < times; i++)
        {
            act();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < times * SmallestObject, $"{times} times allocated {allocated} bytes.");
    }
}
