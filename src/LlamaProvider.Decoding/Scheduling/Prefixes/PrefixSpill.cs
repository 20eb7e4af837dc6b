using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Scheduling.Prefixes;

/// <summary>
/// The states of evicted prefixes in host memory, up to a number of bytes; the least recently used go first. A request that begins with one has it copied back
/// instead of evaluating its tokens again.
/// </summary>
/// <remarks>
/// Copying a token's state is taken to cost an eighth of evaluating the token at the most (an estimate from their sizes, not measured). The whole state is copied, so
/// it is used only when enough of it is of use. It is a cache: what cannot be saved or loaded is evaluated. On the engine's thread, which waits for the copying.
/// </remarks>
/// <param name="context">The context.</param>
/// <param name="capacity">The most bytes.</param>
/// <param name="metrics">Counts what comes and goes.</param>
internal sealed class PrefixSpill(IModelContext context, long capacity, EngineMetrics metrics)
{
    /// <summary>The fewest tokens for which a state is copied back, beyond what the cells hold.</summary>
    public const int LeastGain = 32;

    /// <summary>The copied tokens for one that need not be evaluated, at most.</summary>
    private const int MostCopiedPerGain = 8;

    private readonly PrefixCache _cache = new(context.Capabilities.CanTrim);
    private readonly Dictionary<int, MemoryStream> _states = [];
    private readonly List<int> _superfluous = [];
    private int _next;
    private double _bytesPerToken;

    /// <summary>Bytes of the states.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count => _states.Count;

    /// <summary>Saves a sequence that is about to be dropped, unless a saved one holds the same.</summary>
    public void Save(RetainedSequence evicted)
    {
        int[] tokens = evicted.GetTokens();
        if (_cache.Find(evicted.Adapters, tokens, out RetainedSequence? same) == tokens.Length)
        {
            _cache.Touch(same!);
            return;
        }

        // Their size follows from the number of tokens, so that nothing is copied that has no room anyway.
        double expected = _bytesPerToken * tokens.Length;
        if (expected <= capacity && TrySave(evicted.Number, (int)Math.Min(expected, Array.MaxLength)) is { } state)
        {
            _bytesPerToken = (double)state.Length / tokens.Length;
            Add(evicted.Adapters, tokens, state);
        }
    }

    /// <summary>Restores what some tokens begin with into an empty sequence, if that spares enough evaluation.</summary>
    /// <param name="adapters">The LoRA adapters that the tokens are evaluated with.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="held">How many of them the cells hold anyway.</param>
    /// <param name="sequence">The sequence.</param>
    /// <returns>How many tokens the sequence then holds; 0 when nothing was restored.</returns>
    public int Restore(AdapterSet adapters, ReadOnlySpan<int> tokens, int held, int sequence)
    {
        int length = _cache.Find(adapters, tokens, out RetainedSequence? found);
        int gain = length - held;
        if (found is null || gain < LeastGain || gain * MostCopiedPerGain < found.Length || context.FreeCells < found.Length)
        {
            return 0;
        }

        try
        {
            _states[found.Number].Position = 0;
            context.LoadState(sequence, _states[found.Number]);
        }
        catch (ModelContextException)
        {
            _cache.Remove(found);
            Forget(found.Number);
            return 0;
        }

        if (length < found.Length)
        {
            context.Trim(sequence, length);
        }

        _cache.Touch(found);
        metrics.Restored();
        return length;
    }

    private void Add(AdapterSet adapters, int[] tokens, MemoryStream state)
    {
        if (state.Capacity > capacity)
        {
            return;
        }

        int number = _next++;
        _states.Add(number, state);
        Bytes += state.Capacity;
        _superfluous.Clear();
        _cache.Add(number, adapters, tokens, isPinned: false, _superfluous);
        _superfluous.ForEach(Forget);
        while (Bytes > capacity)
        {
            RetainedSequence oldest = _cache.Sequences.First!.Value;
            _cache.Remove(oldest);
            Forget(oldest.Number);
        }

        metrics.Spilled();
    }

    private void Forget(int number)
    {
        _states.Remove(number, out MemoryStream? state);
        Bytes -= state!.Capacity;
    }

    private MemoryStream? TrySave(int sequence, int expectedBytes)
    {
        var state = new MemoryStream(expectedBytes);
        try
        {
            context.SaveState(sequence, state);
        }
        catch (Exception error) when (error is ModelContextException or IOException or OutOfMemoryException)
        {
            return null;
        }

        state.Capacity = (int)state.Length;
        return state;
    }
}
