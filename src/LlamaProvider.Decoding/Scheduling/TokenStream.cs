using System.Threading.Tasks.Sources;
using LlamaProvider.Decoding.Strategies;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>
/// The tokens of one request on their way from the engine's thread to their reader. Bounded: while it is full, the engine leaves the request out.
/// </summary>
/// <remarks>
/// One writer, one reader. A reader that asks for everything at once is woken once, at the end, which keeps its thread out of the engine's way.
/// Nothing is allocated per token.
/// <para>
/// Waking a reader costs the engine's thread some microseconds. A model that is faster than <see cref="ShortestPause"/> a token gets its tokens bundled: the wake-up
/// is held back until that time has passed, and released early when the stream fills, ends, or the engine is about to do something longer (<see cref="Flush"/>).
/// </para>
/// </remarks>
internal sealed class TokenStream : IValueTaskSource
{
    /// <summary>The shortest time between two wake-ups of a reader.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private readonly bool _wakePerToken;
    private readonly Action _onRoom;
    private readonly Action<Action> _runReader;
    private readonly Action _signalReader;
    private List<int> _tokens = [];
    private ManualResetValueTaskSourceCore<bool> _signal;
    private bool _waiting;
    private long? _lastWake;
    private GenerationEnd? _end;

    /// <param name="capacity">Tokens that may wait for the reader; <see langword="null"/> to wake it only at the end.</param>
    /// <param name="onRoom">Called by the reader when a full stream has room again.</param>
    /// <param name="runReader">Runs the waiting reader on a thread of its own, never on the writer's.</param>
    /// <param name="time">Measures the time between wake-ups.</param>
    public TokenStream(int? capacity, Action onRoom, Action<Action> runReader, TimeProvider time)
    {
        _time = time;
        _capacity = capacity ?? int.MaxValue;
        _wakePerToken = capacity is not null;
        _onRoom = onRoom;
        _runReader = runReader;
        _signalReader = () => _signal.SetResult(true);
    }

    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _tokens.Count >= _capacity;
            }
        }
    }

    public void Write(int token)
    {
        lock (_gate)
        {
            _tokens.Add(token);
            if (_waiting && _wakePerToken && (_tokens.Count >= _capacity || HasPaused()))
            {
                Signal();
            }
        }
    }

    /// <summary>Releases a wake-up that was held back.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_wakePerToken && _tokens.Count > 0)
            {
                Signal();
            }
        }
    }

    public void Complete(GenerationEnd end)
    {
        lock (_gate)
        {
            _end ??= end;
            Signal();
        }
    }

    /// <summary>Waits until there is something to read.</summary>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_end is not null || (_wakePerToken && _tokens.Count > 0))
            {
                return ValueTask.CompletedTask;
            }

            _signal.Reset();
            _waiting = true;
            return new ValueTask(this, _signal.Version);
        }
    }

    /// <summary>Takes what is there: the tokens so far, and how the request ended once there are no more.</summary>
    /// <param name="tokens">An empty list that the stream keeps in exchange for its own.</param>
    public GenerationEnd? Read(ref List<int> tokens)
    {
        bool wasFull;
        GenerationEnd? end;
        lock (_gate)
        {
            wasFull = _tokens.Count >= _capacity;
            (tokens, _tokens) = (_tokens, tokens);
            end = _end;
        }

        if (wasFull)
        {
            _onRoom();
        }

        return end;
    }

    void IValueTaskSource.GetResult(short token) => _signal.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token, flags);

    private bool HasPaused() => _lastWake is not long last || _time.GetElapsedTime(last) >= ShortestPause;

    private void Signal()
    {
        if (_waiting)
        {
            _waiting = false;
            _lastWake = _time.GetTimestamp();
            _runReader(_signalReader);
        }
    }
}
