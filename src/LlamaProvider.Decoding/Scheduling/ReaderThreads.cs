namespace LlamaProvider.Decoding.Scheduling;

/// <summary>
/// Threads that run the readers of token streams, each for one reader at a time, so that one that blocks holds up no other.
/// </summary>
/// <remarks>
/// The runtime's pool would do the same, but its workers spin for a while after each piece of work in the hope of another. A stream wakes its reader for every
/// token, so such a worker spins nearly all the time, on a core that the back end's own threads wait for at every operation: on two cores that cost a third of the
/// tokens per second. These threads sleep at once. One that has had nothing to do for some seconds ends.
/// </remarks>
internal sealed class ReaderThreads : IDisposable
{
    private static readonly TimeSpan IdleLife = TimeSpan.FromSeconds(20);

    private readonly Queue<Action> _work = new();
    private int _idle;
    private bool _closed;

    /// <summary>Runs a reader soon, on a thread that no other reader holds.</summary>
    public void Run(Action reader)
    {
        bool enough;
        lock (_work)
        {
            _work.Enqueue(reader);
            enough = _work.Count <= _idle;
            if (enough)
            {
                Monitor.Pulse(_work);
            }
        }

        if (!enough)
        {
            new Thread(Work) { IsBackground = true, Name = "LlamaEngine reader" }.Start();
        }
    }

    /// <summary>Lets idle threads end. Readers that are running or queued run on.</summary>
    public void Dispose()
    {
        lock (_work)
        {
            _closed = true;
            Monitor.PulseAll(_work);
        }
    }

    private void Work()
    {
        while (TryTake(out Action? reader))
        {
            reader!();
        }
    }

    private bool TryTake(out Action? reader)
    {
        lock (_work)
        {
            _idle++;
            while (_work.Count == 0 && !_closed && Monitor.Wait(_work, IdleLife))
            {
            }

            _idle--;
            return _work.TryDequeue(out reader);
        }
    }
}
