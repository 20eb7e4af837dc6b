using System.Diagnostics;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>Lets the requests of a step read their outputs and decide, several at once when that pays.</summary>
/// <remarks>
/// Requests do not touch each other's state, so the result is the same in any order. Choosing a token mostly takes a few microseconds and waking a thread takes
/// more, so only a step with <see cref="WorthwhileSeconds"/> of such work, judged by the steps before it, is shared; others are done where they are.
/// The helpers sleep between steps: a core on which one would spin is a core that the back end's threads wait for (see <see cref="ReaderThreads"/>).
/// </remarks>
/// <param name="helpers">The most further threads; they start when they are first needed.</param>
internal sealed class StepAdvancer(int helpers) : IDisposable
{
    /// <summary>Work of one step from which on it is shared: several times what waking a thread takes.</summary>
    public const double WorthwhileSeconds = 200e-6;

    private const double Weight = 0.25;

    private readonly List<AutoResetEvent> _wakes = [];
    private readonly Lock _gate = new();
    private List<RequestRun> _runs = [];
    private double _secondsPerRun;
    private long _open;
    private int _unfinished;
    private bool _closed;

    /// <summary>Steps that were shared with helpers.</summary>
    public long SharedSteps { get; private set; }

    /// <summary>Calls <see cref="RequestRun.Advance"/> of each request.</summary>
    public void Advance(List<RequestRun> runs)
    {
        long started = Stopwatch.GetTimestamp();
        int threads = 1 + Math.Min(helpers, (int)(_secondsPerRun * runs.Count / WorthwhileSeconds));
        threads = Math.Min(threads, runs.Count);
        if (threads > 1)
        {
            Share(runs, threads - 1);
        }
        else
        {
            foreach (RequestRun run in runs)
            {
                run.Advance();
            }
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds * threads / runs.Count;
        _secondsPerRun += Weight * (seconds - _secondsPerRun);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _wakes.ForEach(wake => wake.Set());
        }
    }

    private void Share(List<RequestRun> runs, int wanted)
    {
        SharedSteps++;
        _runs = runs;
        _unfinished = runs.Count;
        Volatile.Write(ref _open, (long)runs.Count << 32);
        for (int helper = 0; helper < wanted; helper++)
        {
            Wake(helper);
        }

        TakeRuns();
        var wait = default(SpinWait);
        while (Volatile.Read(ref _unfinished) > 0)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Takes one request after the other until none is left. A helper that wakes too late finds none, or helps with the next step.</summary>
    private void TakeRuns()
    {
        while (true)
        {
            long open = Volatile.Read(ref _open);
            int next = (int)open;
            if (next >= (int)(open >> 32))
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _open, open + 1, open) == open)
            {
                _runs[next].Advance();
                Interlocked.Decrement(ref _unfinished);
            }
        }
    }

    private void Wake(int helper)
    {
        if (helper == _wakes.Count)
        {
            var wake = new AutoResetEvent(initialState: false);
            lock (_gate)
            {
                _wakes.Add(wake);
            }

            new Thread(() => Help(wake)) { IsBackground = true, Name = "LlamaEngine step" }.Start();
        }

        _wakes[helper].Set();
    }

    private void Help(AutoResetEvent wake)
    {
        using (wake)
        {
            while (wake.WaitOne() && !IsClosed())
            {
                TakeRuns();
            }
        }
    }

    private bool IsClosed()
    {
        lock (_gate)
        {
            return _closed;
        }
    }
}
