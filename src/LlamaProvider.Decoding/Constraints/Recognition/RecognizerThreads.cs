namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>One way of reading the text so far: a state and the rules that are open around it.</summary>
internal readonly record struct RecognizerThread(RecognizerState State, RuleStack Stack)
{
    /// <summary>Whether everything that is open may end here.</summary>
    public bool CanEnd => State.IsAccepting && Stack.CanEnd;
}

/// <summary>Moves threads over bytes.</summary>
/// <remarks>
/// A byte goes on within the rule, begins a rule that may begin here, or, where the rule may end, goes on where it returns to. A called rule takes at least this byte: that
/// an empty one can be skipped is known to the calling state, so no loop of empty calls is ever followed.
/// </remarks>
internal sealed class RecognizerThreads(StackSpace space)
{
    private readonly Stack<RuleStack> _returns = [];
    private RecognizerThread[] _threads = new RecognizerThread[64];

    /// <summary>Threads in the buffer.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<RecognizerThread> this[Range range] => _threads.AsSpan(range);

    public RecognizerThread this[int index] => _threads[index];

    public void Clear(int count = 0) => Count = count;

    /// <summary>Copies a thread over another.</summary>
    public void Move(int from, int to) => _threads[to] = _threads[from];

    public void Add(RecognizerThread thread)
    {
        if (Count == _threads.Length)
        {
            Array.Resize(ref _threads, Count * 2);
        }

        _threads[Count++] = thread;
    }

    /// <summary>Appends what the threads from <paramref name="start"/> to <paramref name="end"/> become after a byte; threads in the same state join.</summary>
    public void Advance(int start, int end, byte value)
    {
        int first = Count;
        for (int i = start; i < end; i++)
        {
            Advance(_threads[i].State, _threads[i].Stack, value, first);
            if (_threads[i].State.IsAccepting)
            {
                Return(_threads[i].Stack, value, first);
            }
        }
    }

    private void Advance(RecognizerState state, RuleStack stack, byte value, int first)
    {
        if (state.Step(value) is { } next)
        {
            Join(next, stack, first);
        }

        if (state.HasCalls)
        {
            foreach (StateCall call in state.Calls)
            {
                Advance(call.Callee, call.Return is null ? stack : space.Push(call.Return, stack), value, first);
            }
        }
    }

    private void Return(RuleStack stack, byte value, int first)
    {
        _returns.Push(stack);
        while (_returns.TryPop(out RuleStack? top))
        {
            foreach (RuleFrame frame in top.Frames)
            {
                Advance(frame.Return, frame.Below, value, first);
                if (frame.Return.IsAccepting)
                {
                    _returns.Push(frame.Below);
                }
            }
        }
    }

    private void Join(RecognizerState state, RuleStack stack, int first)
    {
        for (int i = first; i < Count; i++)
        {
            if (ReferenceEquals(_threads[i].State, state))
            {
                _threads[i] = new RecognizerThread(state, space.Union(_threads[i].Stack, stack));
                return;
            }
        }

        Add(new RecognizerThread(state, stack));
    }
}
