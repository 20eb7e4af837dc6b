using System.Runtime.InteropServices;

namespace LlamaProvider.Terminal;

/// <summary>Turns Ctrl+C into the cancellation of what runs at the moment.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly Lock _lock = new();
    private PosixSignalRegistration? _signal;
    private CancellationTokenSource? _running;

    /// <summary>
    /// Whether an interrupt ends the program when nothing runs, or when what runs was told before and has not ended yet. A chat says no: a key that is
    /// pressed twice, or just after an answer, must not cost the conversation.
    /// </summary>
    public bool MayEndProgram { get; set; } = true;

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

    /// <summary>Interrupts what runs; <see langword="false"/> when it is the program's turn to end.</summary>
    public bool Raise()
    {
        lock (_lock)
        {
            if (_running is null or { IsCancellationRequested: true })
            {
                return !MayEndProgram;
            }

            // Not on this thread, which holds the lock: callbacks of the token may run what they cancel to its end.
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
