using System.Runtime.InteropServices;

namespace AgentConsole;

/// <summary>Turns Ctrl+C into the cancellation of what runs at the moment.</summary>
/// <remarks>
/// While nothing runs, and when what runs was told before and still has not ended, Ctrl+C does what it does to any program: it ends it.
/// </remarks>
internal sealed class Interrupts : IDisposable
{
    private readonly Lock _lock = new();
    private PosixSignalRegistration? _signal;
    private CancellationTokenSource? _running;

    /// <summary>Interrupts that come from the terminal, or from <c>kill -INT</c>.</summary>
    public static Interrupts FromSignals()
    {
        var interrupts = new Interrupts();
        interrupts._signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = interrupts.Raise());
        return interrupts;
    }

    /// <summary>Runs work that an interrupt cancels.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work)
    {
        using var source = new CancellationTokenSource();
        Exchange(source);
        try
        {
            return await work(source.Token);
        }
        finally
        {
            Exchange(null);
        }
    }

    /// <summary>Interrupts what runs; <see langword="false"/> when there is nothing left to interrupt but the program.</summary>
    public bool Raise()
    {
        lock (_lock)
        {
            if (_running is null or { IsCancellationRequested: true })
            {
                return false;
            }

            // Not in this thread: callbacks of the token run what they cancel, and the signal's thread holds the lock.
            _ = _running.CancelAsync();
            return true;
        }
    }

    public void Dispose() => _signal?.Dispose();

    private void Exchange(CancellationTokenSource? source)
    {
        lock (_lock)
        {
            _running = source;
        }
    }
}
