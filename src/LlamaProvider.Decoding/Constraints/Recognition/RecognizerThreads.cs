using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>One way of reading the text so far: a state and the rules that are open around it.</summary>
internal readonly record struct RecognizerThread(RecognizerState State, RuleStack Stack)
{
    /// <summary>Whether everything that is open may end here.</summary>
    public bool CanEnd => State.IsAccepting && Stack.CanEnd;

    /// <summary>Whether a byte leads nowhere but on within the rule: no rule may begin here, and none that is open may go on.</summary>
    public bool IsAlone => !State.HasCalls && (!State.IsAccepting || Stack.Frames.IsEmpty);
}

/// <summary>Moves threads over bytes.</summary>
/// <remarks>
/// <para>
/// A byte goes on within the rule, begins a rule that may begin here, or, where the rule may end, goes on where it returns to. A called rule takes at least this byte: that
/// an empty one can be skipped is known to the calling state, so no loop of empty calls is ever followed.
/// </para>
/// <para>
/// States with calls wait until everything that may call them was followed (<see cref="RecognizerState.CallDepth"/> tells the order), and meanwhile their stacks
/// join; and a stack is returned from once. So a byte takes a step for each state and open rule, however many ways lead there.
/// </para>
/// </remarks>
internal sealed class RecognizerThreads(StackSpace space)
{
    private readonly Stack<RuleStack> _returns = [];
    private readonly HashSet<RuleStack> _returned = [];
    private readonly List<RecognizerThread> _callers = [];
    private RecognizerThread[] _threads = new RecognizerThread[16];
    private StackSpace _space = space;

    /// <summary>Threads in the buffer.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<RecognizerThread> this[Range range] => _threads.AsSpan(range);

    public RecognizerThread this[int index] => _threads[index];

    public void Clear(int count = 0) => Count = count;

    /// <summary>Goes on with the stacks of another sequence.</summary>
    public void Use(StackSpace space) => _space = space;

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

    /// <summary>The same after the beginning of a text, of which a thread that is alone may take several bytes at once.</summary>
    /// <returns>How many bytes were taken.</returns>
    public int Advance(int start, int end, ReadOnlySpan<byte> text)
    {
        if (end != start + 1 || _threads[start] is not { IsAlone: true } only)
        {
            Advance(start, end, text[0]);
            return 1;
        }

        if (only.State.Step(text, out int taken) is { } next)
        {
            Add(new RecognizerThread(next, only.Stack));
        }

        return taken;
    }

    /// <summary>Appends what the threads from <paramref name="start"/> to <paramref name="end"/> become after a byte; threads in the same state join.</summary>
    public void Advance(int start, int end, byte value)
    {
        int first = Count;
        for (int i = start; i < end; i++)
        {
            RecognizerThread thread = _threads[i];
            Enter(thread.State, thread.Stack, value, first);
            if (thread.State.IsAccepting && !thread.Stack.Frames.IsEmpty)
            {
                Return(thread.Stack, value, first);
            }
        }

        while (_callers.Count > 0)
        {
            RecognizerThread caller = TakeOutermost();
            Step(caller.State, caller.Stack, value, first);
            foreach (StateCall call in caller.State.Calls)
            {
                Enter(call.Callee, call.Return is null ? caller.Stack : _space.Push(call.Return, caller.Stack), value, first);
            }
        }

        if (_returned.Count > 0)
        {
            _returned.Clear();
        }
    }

    /// <summary>Whether the text may end in some thread from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public bool CanEnd(int start, int end)
    {
        foreach (RecognizerThread thread in _threads.AsSpan(start, end - start))
        {
            if (thread.CanEnd)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The bytes that some thread from <paramref name="start"/> to <paramref name="end"/> can take.</summary>
    public ByteSet NextBytes(int start, int end)
    {
        ByteSet bytes = default;
        for (int i = start; i < end; i++)
        {
            bytes |= _threads[i].State.FirstBytes;
            if (_threads[i].State.IsAccepting)
            {
                _returns.Push(_threads[i].Stack);
            }
        }

        while (_returns.TryPop(out RuleStack? top))
        {
            foreach (RuleFrame frame in _returned.Add(top) ? top.Frames : [])
            {
                bytes |= frame.Return.FirstBytes;
                if (frame.Return.IsAccepting)
                {
                    _returns.Push(frame.Below);
                }
            }
        }

        _returned.Clear();
        return bytes;
    }

    private void Enter(RecognizerState state, RuleStack stack, byte value, int first)
    {
        if (!state.HasCalls)
        {
            Step(state, stack, value, first);
            return;
        }

        if (!state.FirstBytes.Contains(value))
        {
            return;
        }

        for (int i = 0; i < _callers.Count; i++)
        {
            if (ReferenceEquals(_callers[i].State, state))
            {
                _callers[i] = new RecognizerThread(state, _space.Union(_callers[i].Stack, stack));
                return;
            }
        }

        _callers.Add(new RecognizerThread(state, stack));
    }

    private void Step(RecognizerState state, RuleStack stack, byte value, int first)
    {
        if (state.Step(value) is { } next)
        {
            Join(next, stack, first);
        }
    }

    private RecognizerThread TakeOutermost()
    {
        int outermost = 0;
        for (int i = 1; i < _callers.Count; i++)
        {
            outermost = _callers[i].State.CallDepth > _callers[outermost].State.CallDepth ? i : outermost;
        }

        RecognizerThread caller = _callers[outermost];
        _callers.RemoveAt(outermost);
        return caller;
    }

    private void Return(RuleStack stack, byte value, int first)
    {
        _returns.Push(stack);
        while (_returns.TryPop(out RuleStack? top))
        {
            if (!_returned.Add(top))
            {
                continue;
            }

            foreach (RuleFrame frame in top.Frames)
            {
                Enter(frame.Return, frame.Below, value, first);
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
                _threads[i] = new RecognizerThread(state, _space.Union(_threads[i].Stack, stack));
                return;
            }
        }

        Add(new RecognizerThread(state, stack));
    }
}
