using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Scheduling.Prefixes;

/// <summary>Keeps sequences of ended requests in the context, shares their cells with new requests, and gives them up when cells or sequences run out.</summary>
/// <remarks><see cref="PrefixCache"/> decides; this applies it to the context. On the engine's thread.</remarks>
/// <param name="context">The context.</param>
/// <param name="pool">Where sequences come from and go back to.</param>
/// <param name="capacity">The most sequences kept; 0 keeps none.</param>
/// <param name="spill">Takes the states of those that are given up; <see langword="null"/> when they are lost.</param>
internal sealed class PrefixStore(IModelContext context, SequencePool pool, int capacity, PrefixSpill? spill = null)
{
    private readonly PrefixCache _cache = new(context.Capabilities.CanTrim);
    private readonly List<int> _superfluous = [];
    private readonly bool[] _stays = new bool[context.Limits.Sequences];
    private readonly int[] _staying = new int[context.Limits.Sequences];

    /// <summary>The most sequences kept.</summary>
    public int Capacity => capacity;

    /// <summary>The sequences that nobody holds.</summary>
    public SequencePool Pool => pool;

    /// <summary>Changes whenever a sequence comes or goes.</summary>
    public int Version => _cache.Version;

    /// <summary>What is kept, least recently used first.</summary>
    public LinkedList<RetainedSequence> Sequences => _cache.Sequences;

    /// <summary>Finds the longest kept prefix of some tokens that was evaluated with the same adapters, which then goes last when something must go.</summary>
    /// <returns>Its length; 0 for none.</returns>
    public int Find(AdapterSet adapters, ReadOnlySpan<int> tokens, out RetainedSequence? sequence)
    {
        int length = _cache.Find(adapters, tokens, out sequence);
        if (sequence is not null)
        {
            _cache.Touch(sequence);
        }

        return length;
    }

    /// <summary>Lets an empty sequence share a kept prefix.</summary>
    public void Share(RetainedSequence source, int destination, int length) => context.Copy(source.Number, destination, length);

    /// <inheritdoc cref="PrefixSpill.Restore"/>
    public int Restore(AdapterSet adapters, ReadOnlySpan<int> tokens, int held, int sequence) => spill?.Restore(adapters, tokens, held, sequence) ?? 0;

    /// <summary>The states of given up sequences, if they are saved.</summary>
    public PrefixSpill? Spill => spill;

    /// <summary>Takes over a sequence that its request needs no more.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="adapters">The LoRA adapters that they were evaluated with.</param>
    /// <param name="tokens">The tokens it holds.</param>
    /// <param name="isPinned">Whether it is kept whatever happens.</param>
    public void Keep(int sequence, AdapterSet adapters, ReadOnlySpan<int> tokens, bool isPinned)
    {
        if (capacity == 0 || tokens.IsEmpty)
        {
            Free(sequence);
            return;
        }

        _superfluous.Clear();
        _cache.Add(sequence, adapters, tokens, isPinned, _superfluous);
        _superfluous.ForEach(Free);
        while (_cache.Sequences.Count > capacity && TryEvict(spared: null))
        {
        }
    }

    /// <summary>Makes room for a sequence that comes from elsewhere and has so many tokens.</summary>
    /// <returns>An empty sequence, to be filled and then given to <see cref="Keep"/>; <see langword="null"/> when running requests leave no room for it.</returns>
    public int? TryTake(int tokens)
    {
        if (CountReclaimable(tokens, spared: null) < tokens)
        {
            return null;
        }

        while (_cache.Sequences.Count >= capacity && TryEvict(spared: null))
        {
        }

        return _cache.Sequences.Count < capacity && TryReclaim(tokens, spared: null) ? Pool.Rent() : null;
    }

    /// <summary>Gives up sequences until so many cells are free, if that many can become free; otherwise all stay.</summary>
    /// <param name="wanted">Free cells.</param>
    /// <param name="spared">A request that has not begun yet; what it will share stays.</param>
    /// <returns>Whether so many are free.</returns>
    public bool TryReclaim(int wanted, RequestRun? spared)
    {
        if (_cache.Sequences.Count == 0 || CountReclaimable(wanted, spared) < wanted)
        {
            return context.FreeCells >= wanted;
        }

        while (context.FreeCells < wanted && TryEvict(spared))
        {
        }

        return true;
    }

    /// <summary>Gives up all that is not pinned.</summary>
    public void Clear()
    {
        while (TryEvict(spared: null))
        {
        }
    }

    /// <summary>Cells that would be free without the sequences that may go.</summary>
    /// <param name="most">More than that need not be counted, so where as many are free, no sequence is looked at: this is asked in every step.</param>
    /// <param name="spared">A request that has not begun yet; what it will share stays.</param>
    public int CountReclaimable(int most, RequestRun? spared)
    {
        if (context.FreeCells >= most)
        {
            return most;
        }

        Array.Fill(_stays, true);
        foreach (RetainedSequence sequence in _cache.Sequences)
        {
            _stays[sequence.Number] = !MayGo(sequence, spared);
        }

        int staying = 0;
        for (int sequence = 0; sequence < _stays.Length; sequence++)
        {
            if (_stays[sequence])
            {
                _staying[staying++] = sequence;
            }
        }

        return Math.Min(most, context.Limits.Cells - context.CountCells(_staying.AsSpan(0, staying)));
    }

    /// <summary>Gives up the least recently used sequence that may go.</summary>
    private bool TryEvict(RequestRun? spared)
    {
        foreach (RetainedSequence sequence in _cache.Sequences)
        {
            if (MayGo(sequence, spared))
            {
                spill?.Save(sequence);
                _cache.Remove(sequence);
                Free(sequence.Number);
                return true;
            }
        }

        return false;
    }

    private static bool MayGo(RetainedSequence sequence, RequestRun? spared) => !sequence.IsPinned && spared?.Shares(sequence) is not true;

    /// <summary>Empties a sequence and gives it back.</summary>
    public void Free(int sequence)
    {
        context.Drop(sequence);
        Pool.Return(sequence);
    }
}
