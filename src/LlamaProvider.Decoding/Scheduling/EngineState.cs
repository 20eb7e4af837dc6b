using LlamaProvider.Decoding.Scheduling.Prefixes;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>How an engine stands. The engine's thread writes after each step, any thread reads; the numbers may belong to two neighbouring steps.</summary>
internal sealed class EngineState
{
    private int _running;
    private int _waiting;
    private int _usedCells;
    private int _keptSequences;
    private int _spilledPrefixes;
    private long _spilledBytes;
    private long _preemptions;
    private long _restoredPrefixes;

    /// <summary>Requests that hold sequences.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Requests that wait for sequences or cells.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Cells that hold a token, kept prefixes included.</summary>
    public int UsedCells => Volatile.Read(ref _usedCells);

    /// <summary>Sequences kept of ended requests.</summary>
    public int KeptSequences => Volatile.Read(ref _keptSequences);

    /// <summary>Prefixes in host memory.</summary>
    public int SpilledPrefixes => Volatile.Read(ref _spilledPrefixes);

    /// <summary>Bytes of the prefixes in host memory.</summary>
    public long SpilledBytes => Volatile.Read(ref _spilledBytes);

    /// <summary>Prefixes that were copied back from host memory so far.</summary>
    public long RestoredPrefixes => Volatile.Read(ref _restoredPrefixes);

    /// <summary>Requests that gave up their cells so far.</summary>
    public long Preemptions => Volatile.Read(ref _preemptions);

    public void Write(int running, int waiting, int usedCells, int keptSequences)
    {
        Volatile.Write(ref _running, running);
        Volatile.Write(ref _waiting, waiting);
        Volatile.Write(ref _usedCells, usedCells);
        Volatile.Write(ref _keptSequences, keptSequences);
    }

    public void WriteSpill(PrefixSpill? spill)
    {
        if (spill is not null)
        {
            Volatile.Write(ref _spilledPrefixes, spill.Count);
            Volatile.Write(ref _spilledBytes, spill.Bytes);
        }
    }

    public void CountRestored() => Volatile.Write(ref _restoredPrefixes, _restoredPrefixes + 1);

    public void CountPreemption() => Volatile.Write(ref _preemptions, _preemptions + 1);
}
