using System.Runtime;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>Lets .NET's collector work while the model evaluates, on a thread of its own, so that it seldom has to while tokens are chosen.</summary>
/// <remarks>
/// A collection of young objects stops all of .NET's code. In the middle of a constraint's mask it takes longer than the mask itself; llama.cpp, which is
/// native code, goes on during it, and the engine's thread has nothing to do until llama.cpp is done. So a collection that is due soon comes then. The runtime judges
/// whether it is (<see cref="GCCollectionMode.Optimized"/>: most of the generation's budget is used), and it is asked only after as much new memory as makes that worth a wake-up.
/// </remarks>
/// <param name="allocated">Bytes that the process has allocated so far.</param>
/// <param name="collect">Collects if it is time.</param>
internal sealed class EvaluationCollector(Func<long> allocated, Action collect) : IDisposable
{
    /// <summary>New memory after which the runtime is asked again: a fraction of the smallest budgets, of some megabytes.</summary>
    public const long WorthwhileBytes = 256 * 1024;

    /// <summary>How long an evaluation has to last before anything is collected: until then the engine's thread may still be on its way into native code, and a collection would stop it there.</summary>
    private static readonly TimeSpan Head = TimeSpan.FromMilliseconds(1);

    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly ManualResetEventSlim _over = new(initialState: true, spinCount: 0);
    private Thread? _thread;
    private long _asked = allocated();
    private volatile bool _closed;

    /// <summary>One that asks .NET's collector.</summary>
    public static EvaluationCollector Create() => new(static () => GC.GetTotalAllocatedBytes(), CollectIfDue);

    /// <summary>Collects young objects if the runtime thinks it time. A region without collections, which the application may have begun, is left as it is.</summary>
    public static void CollectIfDue()
    {
        if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion)
        {
            GC.Collect(0, GCCollectionMode.Optimized, blocking: false);
        }
    }

    /// <summary>Whether enough has been allocated since this was last so.</summary>
    public bool IsWorthAsking()
    {
        long now = allocated();
        if (now - _asked < WorthwhileBytes)
        {
            return false;
        }

        _asked = now;
        return true;
    }

    /// <summary>The evaluation begins.</summary>
    public void Begin()
    {
        if (IsWorthAsking())
        {
            _over.Reset();
            _thread ??= Start();
            _wake.Set();
        }
    }

    /// <summary>The evaluation is over; what has not begun to be collected by now is not.</summary>
    public void End() => _over.Set();

    /// <summary>Ends its thread.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _over.Set();
        _wake.Set();
        _thread?.Join();
        _wake.Dispose();
        _over.Dispose();
    }

    private Thread Start()
    {
        var thread = new Thread(Work) { IsBackground = true, Name = "LlamaEngine collector" };
        thread.Start();
        return thread;
    }

    private void Work()
    {
        while (_wake.WaitOne() && !_closed)
        {
            if (!_over.Wait(Head))
            {
                collect();
            }
        }
    }
}
