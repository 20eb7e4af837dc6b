namespace LlamaProvider.Decoding.Scheduling;

/// <summary>What other threads hand to the engine's: requests, and calls to run between two steps.</summary>
internal sealed class EngineInbox
{
    private readonly Lock _gate = new();
    private readonly List<GenerationRequest> _arrivals = [];
    private readonly Queue<Action<bool>> _calls = [];

    public bool HasArrivals
    {
        get
        {
            lock (_gate)
            {
                return _arrivals.Count > 0;
            }
        }
    }

    public void Add(GenerationRequest request)
    {
        lock (_gate)
        {
            _arrivals.Add(request);
        }
    }

    /// <summary>Runs something on the engine's thread, between two steps. Safe from any thread.</summary>
    /// <param name="call">Gets true when it may use the loop, and false when the loop has ended instead.</param>
    public void AddCall(Action<bool> call)
    {
        lock (_gate)
        {
            _calls.Enqueue(call);
        }
    }

    /// <summary>Moves the requests that have arrived to a list, in order.</summary>
    public void TakeArrivals(List<GenerationRequest> taken)
    {
        lock (_gate)
        {
            taken.AddRange(_arrivals);
            _arrivals.Clear();
        }
    }

    /// <summary>Runs the calls, outside the lock, so that one may hand in another.</summary>
    public void RunCalls(bool isAlive)
    {
        while (true)
        {
            Action<bool>? call;
            lock (_gate)
            {
                if (!_calls.TryDequeue(out call))
                {
                    return;
                }
            }

            call(isAlive);
        }
    }
}
