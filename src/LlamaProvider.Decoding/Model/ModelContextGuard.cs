namespace LlamaProvider.Decoding.Model;

/// <summary>
/// The one place that says which calls on a context are allowed. Every runtime asks it first, so that a bad call is an error in C# and
/// never reaches native code, where most of them end the process.
/// </summary>
internal sealed class ModelContextGuard
{
    private readonly IModelContext _context;
    private readonly BatchGuard _batches;
    private readonly int[] _all;
    private readonly int[] _active;
    private readonly int[] _lengths;

    public ModelContextGuard(IModelContext context, ILanguageModel model)
    {
        _context = context;
        int sequences = context.Limits.Sequences;
        Shared = new SharedPrefixes(sequences);
        _batches = new BatchGuard(context, model, Shared);
        _all = [.. Enumerable.Range(0, sequences)];
        _active = new int[sequences];
        _lengths = new int[sequences];
    }

    public SharedPrefixes Shared { get; }

    public void CheckBatch(ModelBatch batch) => _batches.Check(batch);

    /// <summary>Notes what an evaluation that went through has shared. Call it after <see cref="CheckBatch"/> accepted the same batch.</summary>
    public void Commit(ModelBatch batch)
    {
        for (int index = 0; index < batch.Count; index++)
        {
            ReadOnlySpan<int> sequences = batch.GetSequences(index);
            if (sequences.Length > 1)
            {
                Shared.Extend(sequences, batch.Positions[index], batch.Positions[index] + 1);
            }
        }
    }

    /// <summary>Cells that no sequence uses.</summary>
    public int CountFreeCells() => _context.Limits.Cells - CountCells(_all);

    public int CountCells(ReadOnlySpan<int> sequences)
    {
        int used = 0;
        foreach (int sequence in sequences)
        {
            int length = _context.GetPositions(sequence).Count;
            if (length > 0)
            {
                _lengths[used] = length;
                _active[used++] = sequence;
            }
        }

        return Shared.CountCells(_active.AsSpan(0, used), _lengths);
    }

    public void CheckSequence(int sequence) => ContextRefusal.UnlessSequence(sequence, _context.Limits);

    public static void CheckOutput(int output, int available)
    {
        if ((uint)output >= (uint)available)
        {
            throw ContextRefusal.Of(available == 0
                ? $"Output {output} was asked for, but the last evaluation left no outputs. Mark tokens with AddOutput and check that the evaluation completed."
                : $"Output {output} was asked for, but the last evaluation has outputs 0 to {available - 1}.");
        }
    }

    public void CheckHiddenStates(bool evaluated)
    {
        ContextRefusal.Unless(_context.Capabilities.HasHiddenStates, "Reading hidden states", nameof(ModelCapabilities.HasHiddenStates));
        if (!evaluated)
        {
            throw ContextRefusal.Of("A hidden state was asked for, but the last batch did not ask for hidden states. Set ModelBatch.HiddenStates before the evaluation.");
        }
    }

    public void CheckRelevance(bool evaluated)
    {
        ContextRefusal.UnlessRankHead(_context.Capabilities);
        if (!evaluated)
        {
            throw ContextRefusal.Of("A relevance was asked for, but the last batch did not ask for relevance. Set ModelBatch.Relevance before the evaluation.");
        }
    }

    public void CheckCopy(int source, int destination, int end)
    {
        CheckSequence(source);
        CheckSequence(destination);
        if (source == destination)
        {
            throw ContextRefusal.Of($"Sequence {source} cannot be copied into itself; name an empty sequence as destination.");
        }

        PositionRange held = _context.GetPositions(source);
        if (end <= held.Start || end > held.End)
        {
            throw ContextRefusal.Of($"Sequence {source} cannot be copied up to position {end}; it holds positions {held.Start} to {held.End - 1}.");
        }

        if (end < held.End)
        {
            ContextRefusal.Unless(_context.Capabilities.CanTrim, $"Copying sequence {source} up to position {end} of {held.End}", nameof(ModelCapabilities.CanTrim));
        }

        CheckEmpty(destination);
    }

    public void CheckTrim(int sequence, int end)
    {
        CheckSequence(sequence);
        PositionRange held = _context.GetPositions(sequence);
        if (end > held.Start && end < held.End)
        {
            ContextRefusal.Unless(_context.Capabilities.CanTrim, $"Trimming sequence {sequence} to {end} of {held.End} positions", nameof(ModelCapabilities.CanTrim));
        }
    }

    public int SharedEnd(int sequence)
    {
        CheckSequence(sequence);
        return Shared.LongestSharedEnd(sequence);
    }

    public void CheckShift(int sequence, int start, int end)
    {
        CheckSequence(sequence);
        ContextRefusal.Unless(_context.Capabilities.CanShift, $"Shifting sequence {sequence}", nameof(ModelCapabilities.CanShift));
        PositionRange held = _context.GetPositions(sequence);
        if (start < held.Start || end > held.End || start >= end)
        {
            throw ContextRefusal.Of($"Positions {start} to {end - 1} of sequence {sequence} cannot be removed; it holds positions {held.Start} to {held.End - 1}.");
        }

        int shared = Shared.LongestSharedEnd(sequence);
        if (shared > end)
        {
            throw ContextRefusal.Of(
                $"Sequence {sequence} cannot be shifted from position {end}: another sequence shares its cells up to position {shared - 1}. " +
                "Drop the other sequence first, or evaluate the kept tokens again in a sequence of their own.");
        }
    }

    public void CheckState(int sequence, bool load)
    {
        CheckSequence(sequence);
        ContextRefusal.Unless(_context.Capabilities.CanSaveState, load ? "Loading a sequence's state" : "Saving a sequence's state", nameof(ModelCapabilities.CanSaveState));
        if (load)
        {
            CheckEmpty(sequence);
        }
        else if (_context.GetPositions(sequence).IsEmpty)
        {
            throw ContextRefusal.Of($"Sequence {sequence} is empty; there is no state to save.");
        }
    }

    private void CheckEmpty(int sequence)
    {
        PositionRange held = _context.GetPositions(sequence);
        if (!held.IsEmpty)
        {
            throw ContextRefusal.Of($"Sequence {sequence} holds {held.Count} positions, but must be empty. Drop it first.");
        }
    }
}
