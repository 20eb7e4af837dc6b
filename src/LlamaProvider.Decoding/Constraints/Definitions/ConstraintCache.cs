using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Definitions;

/// <summary>The compiled constraints of one vocabulary, by what they say. Safe for concurrent use.</summary>
/// <remarks>
/// A constraint is compiled on the thread that first asks for it; whoever asks for the same meanwhile waits for that. When full, the least recently used one goes; sequences
/// that follow it keep it as long as they need it. What failed to compile is not kept. Who compiles may leave: then one of those who wait begins anew.
/// A constraint to which answers have added more than <see cref="MaxGrowth"/> states is compiled anew for the next request, since most of them no other answer will need.
/// </remarks>
internal sealed class ConstraintCache
{
    /// <summary>The most states that answers may have added, at some 650 bytes each.</summary>
    public const int MaxGrowth = 30_000;

    private readonly Lazy<ConstraintVocabulary> _vocabulary;
    private readonly int _maxGrowth;
    private readonly ConstraintLimits _limits;
    private readonly int _capacity;
    private readonly Lock _lock = new();
    private readonly Dictionary<ConstraintDefinition, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];

    /// <param name="vocabulary">Makes the vocabulary, when the first constraint is compiled.</param>
    /// <param name="limits">Bounds on the work of each constraint.</param>
    /// <param name="capacity">The most constraints kept.</param>
    /// <param name="maxGrowth">The most states that answers may have added to a constraint that is given out.</param>
    public ConstraintCache(Func<ConstraintVocabulary> vocabulary, ConstraintLimits limits, int capacity, int maxGrowth = MaxGrowth)
    {
        _vocabulary = new Lazy<ConstraintVocabulary>(vocabulary);
        _limits = limits;
        _capacity = capacity;
        _maxGrowth = maxGrowth;
    }

    /// <summary>What the constraints share.</summary>
    public ConstraintVocabulary Vocabulary => _vocabulary.Value;

    /// <summary>Constraints that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byUse.Count;
            }
        }
    }

    /// <summary>A constraint, compiled.</summary>
    /// <param name="definition">What was written.</param>
    /// <param name="cancellationToken">Calls off what is done for this caller.</param>
    /// <exception cref="LlamaException">What was written has an error, or passes a limit.</exception>
    /// <exception cref="OperationCanceledException">The caller has left.</exception>
    public ICompiledConstraint Compile(ConstraintDefinition definition, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            LinkedListNode<Entry> entry = Find(definition, cancellationToken, out bool isNew);
            if (isNew)
            {
                return Compile(entry, cancellationToken);
            }

            Task<ICompiledConstraint> compiled = entry.Value.Compiled.Task;
            try
            {
                return compiled.WaitAsync(cancellationToken).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException) when (compiled.IsCanceled && !cancellationToken.IsCancellationRequested)
            {
                // Whoever compiled it has left.
            }
        }
    }

    private ICompiledConstraint Compile(LinkedListNode<Entry> entry, CancellationToken cancellationToken)
    {
        ConstraintWork work = entry.Value.Work;
        TaskCompletionSource<ICompiledConstraint> result = entry.Value.Compiled;
        try
        {
            ICompiledConstraint compiled = entry.Value.Definition.Compile(_vocabulary.Value, _limits, work);
            work.Complete();
            result.SetResult(compiled);
            return compiled;
        }
        catch (Exception error)
        {
            // It goes before those who wait for it look for it again.
            Remove(entry);
            if (error is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                result.SetCanceled(CancellationToken.None);
            }
            else
            {
                result.SetException(error);
                _ = result.Task.Exception;
            }

            throw;
        }
    }

    private LinkedListNode<Entry> Find(ConstraintDefinition definition, CancellationToken cancellationToken, out bool isNew)
    {
        lock (_lock)
        {
            isNew = false;
            if (_entries.TryGetValue(definition, out LinkedListNode<Entry>? known))
            {
                _byUse.Remove(known);
                if (known.Value.Work.Grown <= _maxGrowth || !known.Value.Compiled.Task.IsCompleted)
                {
                    _byUse.AddFirst(known);
                    return known;
                }

                _entries.Remove(definition);
            }

            isNew = true;
            var added = new LinkedListNode<Entry>(new Entry(definition, new ConstraintWork(cancellationToken), new(TaskCreationOptions.RunContinuationsAsynchronously)));
            _entries.Add(definition, added);
            _byUse.AddFirst(added);
            if (_byUse.Count > _capacity)
            {
                _entries.Remove(_byUse.Last!.Value.Definition);
                _byUse.RemoveLast();
            }

            return added;
        }
    }

    private void Remove(LinkedListNode<Entry> entry)
    {
        lock (_lock)
        {
            if (entry.List is not null)
            {
                _entries.Remove(entry.Value.Definition);
                _byUse.Remove(entry);
            }
        }
    }

    private sealed record Entry(ConstraintDefinition Definition, ConstraintWork Work, TaskCompletionSource<ICompiledConstraint> Compiled);
}
