using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>The thread that owns a context and runs its <see cref="EngineLoop"/>, with bounded admission and an orderly end.</summary>
internal sealed class EngineThread : IDisposable
{
    /// <summary>The most threads that choose tokens; more would wait for memory, not for each other.</summary>
    private const int MostThreads = 8;

    /// <summary>
    /// How long the thread stays awake when it has nothing to do: about a tenth of a millisecond of yields. A caller that asks one thing after the other comes back
    /// within it, which spares both a wake-up (measured on the embedded model: 0.8 % for one caller, nothing for two). Nothing is evaluated meanwhile, so it takes no core from a back end.
    /// </summary>
    private const int IdleSpins = 600;

    private readonly IModelContext _context;
    private readonly EngineLoop _loop;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _work = new(initialState: false, IdleSpins);
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly ReaderThreads _readers = new();
    private readonly Action _ended;
    private readonly EngineMetrics _metrics;
    private readonly int _queueLimit;
    private int _held;
    private bool _closed;
    private Exception? _fault;

    /// <param name="context">The context; the thread owns and disposes it.</param>
    /// <param name="policy">Plans each step.</param>
    /// <param name="queueLimit">The most requests held at once.</param>
    /// <param name="metrics">What the engine measures of itself; the thread disposes it.</param>
    /// <param name="longestPause">How long prompts may hold up running answers at a time.</param>
    /// <param name="name">Of the thread.</param>
    /// <param name="keptSequences">How many of the context's sequences may keep prefixes of ended requests.</param>
    /// <param name="spillBytes">The most bytes of host memory for prefixes that the context has no room for; 0 for none.</param>
    /// <param name="collects">Whether .NET's collector is let to work while the model evaluates.</param>
    public EngineThread(
        IModelContext context, ISchedulingPolicy policy, int queueLimit, EngineMetrics metrics, TimeSpan longestPause, string name, int keptSequences = 0, long spillBytes = 0,
        bool collects = true)
    {
        _context = context;
        _queueLimit = queueLimit;
        _metrics = metrics;
        _ended = () => Interlocked.Decrement(ref _held);
        EvaluationCollector? collector = collects ? EvaluationCollector.Create() : null;
        int helpers = Math.Min(Environment.ProcessorCount, MostThreads) - 1;
#if DEBUG
        _loop = new EngineLoop(context, policy, metrics, new PromptPace(longestPause), keptSequences, spillBytes, helpers, collector, EngineInvariants.Check);
#else
        _loop = new EngineLoop(context, policy, metrics, new PromptPace(longestPause), keptSequences, spillBytes, helpers, collector);
#endif
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    public ContextLimits Limits => _context.Limits;

    /// <summary>Requests held, running and waiting.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Whether it takes no further requests.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>The defect that ended the engine, if one did.</summary>
    public Exception? Fault => Volatile.Read(ref _fault);

    /// <summary>Ends when the thread has ended and the context is freed.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Hands a request to the engine.</summary>
    /// <param name="strategy">What to generate.</param>
    /// <param name="streamCapacity">Tokens that may wait for a slow reader; <see langword="null"/> for a reader that wants all at the end.</param>
    /// <param name="priority">How the request stands among others.</param>
    /// <param name="pinsPrefix">Whether what its sequences hold at the end is kept as long as the engine lives.</param>
    /// <param name="adapters">The LoRA adapters that it is evaluated with; <see langword="null"/> for none.</param>
    /// <param name="trace">Told of every batch with a part of the request; <see langword="null"/> for none.</param>
    /// <exception cref="QueueFullException">The engine holds as many requests as it may.</exception>
    /// <exception cref="ObjectDisposedException">The engine is closed.</exception>
    public GenerationRequest Submit(
        IDecodingStrategy strategy, int? streamCapacity, int priority = 0, bool pinsPrefix = false, AdapterSet? adapters = null, TraceLog? trace = null)
    {
        var request = new GenerationRequest(strategy, streamCapacity, _work.Set, _ended, _readers.Run)
        {
            Times = new RequestTimes(_metrics.Now),
            Priority = priority,
            PinsPrefix = pinsPrefix,
            Adapters = adapters ?? AdapterSet.None,
            Trace = trace,
        };
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(EngineThread));
            if (_held >= _queueLimit)
            {
                throw new QueueFullException(_held, _queueLimit);
            }

            Interlocked.Increment(ref _held);
            _loop.Enqueue(request);
        }

        _work.Set();
        return request;
    }

    /// <summary>Runs something on the engine's thread, between two steps.</summary>
    /// <param name="call">What to run. All requests wait for it.</param>
    /// <returns>What it returns, or its exception.</returns>
    /// <exception cref="ObjectDisposedException">The engine is closed.</exception>
    public Task<T> InvokeAsync<T>(Func<EngineLoop, T> call)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(EngineThread));
            _loop.EnqueueCall(isAlive =>
            {
                try
                {
                    ObjectDisposedException.ThrowIf(!isAlive, typeof(EngineThread));
                    result.SetResult(call(_loop));
                }
                catch (Exception error)
                {
                    result.SetException(error);
                }
            });
        }

        _work.Set();
        return result.Task;
    }

    /// <summary>Takes no further requests. Those taken run on to their end, or end as cancelled within a step.</summary>
    public void Close(bool cancel)
    {
        lock (_gate)
        {
            _closed = true;
        }

        if (cancel)
        {
            _abort.Cancel();
        }

        _work.Set();
    }

    /// <summary>Cancels what runs and waits for the thread, which frees the context.</summary>
    public void Dispose()
    {
        Close(cancel: true);
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        try
        {
            while (!_abort.IsCancellationRequested)
            {
                _work.Reset();
                if (_loop.Step(_abort.Token))
                {
                    continue;
                }

                if (IsDrained())
                {
                    break;
                }

                _work.Wait();
            }
        }
        catch (Exception fault)
        {
            // A defect of the engine itself: no request may be left waiting for it.
            _fault = fault;
        }
        finally
        {
            Close(cancel: false);
            _loop.EndAll(_fault is null ? GenerationEnd.Cancelled : GenerationEnd.Failed(_fault));
            _loop.Dispose();
            _context.Dispose();
            _metrics.Dispose();
            _readers.Dispose();
            _stopped.SetResult();
        }
    }

    private bool IsDrained()
    {
        lock (_gate)
        {
            return _closed && _loop.IsEmpty;
        }
    }
}
