using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Definitions;

/// <summary>The compiled constraints of one vocabulary, by what they say. Safe for concurrent use.</summary>
/// <remarks>
/// A constraint is compiled on the thread that first asks for it; whoever asks for the same meanwhile waits for that. When full, the least recently used one goes; sequences
/// that follow it keep it as long as they need it. What failed to compile is not kept.
/// </remarks>
internal sealed class ConstraintCache
{
    private readonly Lazy<ConstraintVocabulary> _vocabulary;
    private readonly ConstraintLimits _limits;
    private readonly int _capacity;
    private readonly Lock _lock = new();
    private readonly Dictionary<ConstraintDefinition, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];

    /// <param name="vocabulary">Makes the vocabulary, when the first constraint is compiled.</param>
    /// <param name="limits">Bounds on the work of each constraint.</param>
    /// <param name="capacity">The most constraints kept.</param>
    public ConstraintCache(Func<ConstraintVocabulary> vocabulary, ConstraintLimits limits, int capacity)
    {
        _vocabulary = new Lazy<ConstraintVocabulary>(vocabulary);
        _limits = limits;
        _capacity = capacity;
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
    /// <exception cref="LlamaException">What was written has an error, or passes a limit.</exception>
    public ICompiledConstraint Compile(ConstraintDefinition definition)
    {
        LinkedListNode<Entry> entry = Find(definition);
        try
        {
            return entry.Value.Compiled.Value;
        }
        catch
        {
            Remove(entry);
            throw;
        }
    }

    private LinkedListNode<Entry> Find(ConstraintDefinition definition)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(definition, out LinkedListNode<Entry>? known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                return known;
            }

            var added = new LinkedListNode<Entry>(new Entry(definition, new Lazy<ICompiledConstraint>(() => definition.Compile(_vocabulary.Value, _limits))));
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

    private sealed record Entry(ConstraintDefinition Definition, Lazy<ICompiledConstraint> Compiled);
}
