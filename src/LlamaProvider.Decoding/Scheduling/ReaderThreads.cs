namespace LlamaProvider.Decoding.Scheduling;

/// <summary>
/// Threads that run the readers of token streams, each for one reader at a time, so that one that blocks holds up no other.
/// </summary>
/// <remarks>
/// The runtime's pool would do the same, but its workers spin for a while after each piece of work in the hope of another. A stream wakes its reader for every
/// token, so such a worker spins nearly all the time, on a core that the back end's own threads wait for at every operation: on two cores that cost a third of the
/// tokens per second. These threads sleep at once, each on an event of its own, which is the cheapest wake-up for the engine's thread.
/// One that has had nothing to do for some seconds ends.
/// </remarks>
internal sealed class ReaderThreads : IDisposable
{
    private static readonly TimeSpan IdleLife = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<Worker> _idle = [];
    private bool _closed;

    /// <summary>Runs a reader soon, on a thread that no other reader holds.</summary>
    public void Run(Action reader)
    {
        if (TakeIdle() is { } worker)
        {
            worker.Reader = reader;
            worker.Wake.Set();
        }
        else
        {
            new Thread(Work) { IsBackground = true, Name = "LlamaEngine reader" }.Start(new Worker { Reader = reader });
        }
    }

    /// <summary>Lets idle threads end. Readers that are running or queued run on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _idle.ForEach(worker => worker.Wake.Set());
            _idle.Clear();
        }
    }

    private void Work(object? state)
    {
        using var worker = (Worker)state!;
        while (worker.Reader is { } reader)
        {
            reader();
            worker.Reader = null;
            if (!TryBecomeIdle(worker))
            {
                return;
            }

            if (!worker.Wake.WaitOne(IdleLife) && !TryLeave(worker))
            {
                // It was given a reader just as its time ran out.
                worker.Wake.WaitOne();
            }
        }
    }

    private Worker? TakeIdle()
    {
        lock (_gate)
        {
            if (_idle.Count == 0)
            {
                return null;
            }

            Worker worker = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return worker;
        }
    }

    private bool TryBecomeIdle(Worker worker)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _idle.Add(worker);
            }

            return !_closed;
        }
    }

    private bool TryLeave(Worker worker)
    {
        lock (_gate)
        {
            return _idle.Remove(worker);
        }
    }

    private sealed class Worker : IDisposable
    {
        public AutoResetEvent Wake { get; } = new(initialState: false);

        public Action? Reader { get; set; }

        public void Dispose() => Wake.Dispose();
    }
}
