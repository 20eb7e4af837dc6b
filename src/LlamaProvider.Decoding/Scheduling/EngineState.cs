namespace LlamaProvider.Decoding.Scheduling;

/// <summary>How an engine stands. The engine's thread writes after each step, any thread reads; the numbers may belong to two neighbouring steps.</summary>
internal sealed class EngineState
{
    private int _running;
    private int _waiting;
    private int _usedCells;
    private int _keptSequences;
    private long _preemptions;

    /// <summary>Requests that hold sequences.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Requests that wait for sequences or cells.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Cells that hold a token, kept prefixes included.</summary>
    public int UsedCells => Volatile.Read(ref _usedCells);

    /// <summary>Sequences kept of ended requests.</summary>
    public int KeptSequences => Volatile.Read(ref _keptSequences);

    /// <summary>Requests that gave up their cells so far.</summary>
    public long Preemptions => Volatile.Read(ref _preemptions);

    public void Write(int running, int waiting, int usedCells, int keptSequences)
    {
        Volatile.Write(ref _running, running);
        Volatile.Write(ref _waiting, waiting);
        Volatile.Write(ref _usedCells, usedCells);
        Volatile.Write(ref _keptSequences, keptSequences);
    }

    public void CountPreemption() => Volatile.Write(ref _preemptions, _preemptions + 1);
}
