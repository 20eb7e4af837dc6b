using System.Runtime;
using LlamaProvider.Decoding.Scheduling;

namespace LlamaProvider.Decoding.Tests.Scheduling;

/// <summary>What concerns the collector of the whole process, so no other test may run beside it.</summary>
[CollectionDefinition(nameof(CollectIfDueTests), DisableParallelization = true)]
[Collection(nameof(CollectIfDueTests))]
public sealed class CollectIfDueTests
{
    private const int Mebi = 1024 * 1024;

    [Fact]
    public void CollectIfDue_RegionWithoutCollections_IsLeftAsItIs()
    {
        Assert.True(GC.TryStartNoGCRegion(64 * Mebi));

        // Nearly all that the region may allocate, so that a collection would be due.
        for (int i = 0; i < 56 * 16; i++)
        {
            GC.KeepAlive(new byte[64 * 1024]);
        }

        EvaluationCollector.CollectIfDue();

        Assert.Equal(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
        GC.EndNoGCRegion();
    }

    [Fact]
    public void CollectIfDue_AskedOften_CollectsBeforeTheRuntimeHasTo()
    {
        GC.Collect();
        int asked = 0;
        int forced = 0;
        for (int i = 0; i < 16 * 1024; i++)
        {
            int before = GC.CollectionCount(0);
            GC.KeepAlive(new byte[64 * 1024]);
            int between = GC.CollectionCount(0);
            EvaluationCollector.CollectIfDue();
            forced += between - before;
            asked += GC.CollectionCount(0) - between;
        }

        // A gigabyte: budgets are of some megabytes to a hundred.
        Assert.True(asked > 2, $"It collected {asked} times.");
        Assert.True(forced <= 1, $"The runtime had to collect {forced} times, between which it collected {asked} times when asked.");
    }
}
