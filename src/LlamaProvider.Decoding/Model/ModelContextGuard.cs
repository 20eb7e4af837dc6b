namespace LlamaProvider.Decoding.Model;

/// <summary>
/// The one place that says which calls on a context are allowed. Every runtime asks it first, so that a bad call is an error in C# and
/// never reaches native code, where most of them end the process.
/// </summary>
internal sealed class ModelContextGuard(IModelContext context, ILanguageModel model)
{
    private const string Ranking = "Reading relevance";

    private readonly int[] _all = [.. Enumerable.Range(0, context.Limits.Sequences)];
    private readonly int[] _next = new int[context.Limits.Sequences];
    private readonly int[] _active = new int[context.Limits.Sequences];
    private readonly int[] _lengths = new int[context.Limits.Sequences];
    private readonly bool[] _seen = new bool[context.Limits.Sequences];

    /// <summary>For each sequence the number (from 1) of the batch entry that it received last; 0 before its first.</summary>
    private readonly int[] _previous = new int[context.Limits.Sequences];

    public SharedPrefixes Shared { get; } = new(context.Limits.Sequences);

    public void CheckBatch(ModelBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        CheckSizes(batch);
        CheckAdapters(batch.Adapters);
        Array.Clear(_seen);
        Array.Clear(_previous);
        for (int index = 0; index < batch.Count; index++)
        {
            int token = batch.Tokens[index];
            if ((uint)token >= (uint)model.Vocabulary.Count)
            {
                throw Refuse($"Batch entry {index} is token {token}, but the vocabulary has tokens 0 to {model.Vocabulary.Count - 1}.");
            }

            ReadOnlySpan<int> sequences = batch.GetSequences(index);
            if (sequences.IsEmpty)
            {
                throw Refuse($"Batch entry {index} (token {token}) enters no sequence; name at least one.");
            }

            CheckPositions(index, batch.Positions[index], sequences);
            if (context.Capabilities.EvaluatesWholeTexts)
            {
                CheckWhole(index, batch.Positions[index], sequences);
            }
        }
    }

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
    public int CountFreeCells() => context.Limits.Cells - CountCells(_all);

    public int CountCells(ReadOnlySpan<int> sequences)
    {
        int used = 0;
        foreach (int sequence in sequences)
        {
            int length = context.GetPositions(sequence).Count;
            if (length > 0)
            {
                _lengths[used] = length;
                _active[used++] = sequence;
            }
        }

        return Shared.CountCells(_active.AsSpan(0, used), _lengths);
    }

    public void CheckSequence(int sequence)
    {
        if ((uint)sequence >= (uint)context.Limits.Sequences)
        {
            throw Refuse($"Sequence {sequence} does not exist; this context has sequences 0 to {context.Limits.Sequences - 1}.");
        }
    }

    public static void CheckOutput(int output, int available)
    {
        if ((uint)output >= (uint)available)
        {
            throw Refuse(available == 0
                ? $"Output {output} was asked for, but the last evaluation left no outputs. Mark tokens with AddOutput and check that the evaluation completed."
                : $"Output {output} was asked for, but the last evaluation has outputs 0 to {available - 1}.");
        }
    }

    public void CheckHiddenStates(bool evaluated)
    {
        CheckCapability(context.Capabilities.HasHiddenStates, "Reading hidden states", nameof(ModelCapabilities.HasHiddenStates));
        if (!evaluated)
        {
            throw Refuse("A hidden state was asked for, but the last batch did not ask for hidden states. Set ModelBatch.HiddenStates before the evaluation.");
        }
    }

    public void CheckRelevance(bool evaluated)
    {
        CheckCapability(context.Capabilities.HasRankHead, Ranking, nameof(ModelCapabilities.HasRankHead));
        if (!evaluated)
        {
            throw Refuse("A relevance was asked for, but the last batch did not ask for relevance. Set ModelBatch.Relevance before the evaluation.");
        }
    }

    public static ModelContextException RefuseRelevance() => Lacks(Ranking, nameof(ModelCapabilities.HasRankHead));

    public void CheckCopy(int source, int destination, int end)
    {
        CheckSequence(source);
        CheckSequence(destination);
        if (source == destination)
        {
            throw Refuse($"Sequence {source} cannot be copied into itself; name an empty sequence as destination.");
        }

        PositionRange held = context.GetPositions(source);
        if (end <= held.Start || end > held.End)
        {
            throw Refuse($"Sequence {source} cannot be copied up to position {end}; it holds positions {held.Start} to {held.End - 1}.");
        }

        if (end < held.End)
        {
            CheckCapability(context.Capabilities.CanTrim, $"Copying sequence {source} up to position {end} of {held.End}", nameof(ModelCapabilities.CanTrim));
        }

        CheckEmpty(destination);
    }

    public void CheckTrim(int sequence, int end)
    {
        CheckSequence(sequence);
        PositionRange held = context.GetPositions(sequence);
        if (end > held.Start && end < held.End)
        {
            CheckCapability(context.Capabilities.CanTrim, $"Trimming sequence {sequence} to {end} of {held.End} positions", nameof(ModelCapabilities.CanTrim));
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
        CheckCapability(context.Capabilities.CanShift, $"Shifting sequence {sequence}", nameof(ModelCapabilities.CanShift));
        PositionRange held = context.GetPositions(sequence);
        if (start < held.Start || end > held.End || start >= end)
        {
            throw Refuse($"Positions {start} to {end - 1} of sequence {sequence} cannot be removed; it holds positions {held.Start} to {held.End - 1}.");
        }

        int shared = Shared.LongestSharedEnd(sequence);
        if (shared > end)
        {
            throw Refuse(
                $"Sequence {sequence} cannot be shifted from position {end}: another sequence shares its cells up to position {shared - 1}. " +
                "Drop the other sequence first, or evaluate the kept tokens again in a sequence of their own.");
        }
    }

    public void CheckState(int sequence, bool load)
    {
        CheckSequence(sequence);
        CheckCapability(context.Capabilities.CanSaveState, load ? "Loading a sequence's state" : "Saving a sequence's state", nameof(ModelCapabilities.CanSaveState));
        if (load)
        {
            CheckEmpty(sequence);
        }
        else if (context.GetPositions(sequence).IsEmpty)
        {
            throw Refuse($"Sequence {sequence} is empty; there is no state to save.");
        }
    }

    private void CheckSizes(ModelBatch batch)
    {
        ContextLimits limits = context.Limits;
        if (batch.Count == 0)
        {
            throw Refuse("The batch is empty; add at least one token.");
        }

        if (batch.Count > limits.BatchTokens)
        {
            throw Refuse($"The batch has {batch.Count} tokens, but this context takes {limits.BatchTokens}. Split it, or raise ContextOptions.BatchTokens.");
        }

        if (batch.OutputCount > limits.Outputs)
        {
            throw Refuse($"The batch wants {batch.OutputCount} outputs, but this context has {limits.Outputs}. Ask for fewer, or raise ContextOptions.Outputs.");
        }

        if (batch.HiddenStates)
        {
            CheckCapability(context.Capabilities.HasHiddenStates, "Reading hidden states", nameof(ModelCapabilities.HasHiddenStates));
        }

        if (batch.Relevance)
        {
            CheckCapability(context.Capabilities.HasRankHead, Ranking, nameof(ModelCapabilities.HasRankHead));
        }

        if ((batch.HiddenStates || batch.Relevance) && batch.Count > limits.HiddenStateTokens)
        {
            throw Refuse(
                $"The batch has {batch.Count} tokens and asks for {(batch.HiddenStates ? "hidden states" : "relevance")}, but this context takes {limits.HiddenStateTokens} of such tokens. " +
                "Split it, or raise ContextOptions.Outputs.");
        }
    }

    /// <summary>What follows a token would change what was computed of it, so a text comes at once, into one sequence.</summary>
    private void CheckWhole(int index, int position, ReadOnlySpan<int> sequences)
    {
        if (sequences.Length > 1)
        {
            throw Refuse($"Batch entry {index} enters {sequences.Length} sequences, but this model evaluates each text by itself. Add the token once for each sequence.");
        }

        PositionRange held = context.GetPositions(sequences[0]);
        if (!held.IsEmpty)
        {
            throw Refuse(
                $"Batch entry {index} would follow {held.Count} tokens of sequence {sequences[0]}, but this model evaluates a text whole. Drop the sequence and evaluate all tokens at once.");
        }

        int most = model.Description.TrainedContextLength;
        if (most > 0 && position >= most)
        {
            throw Refuse($"Batch entry {index} has position {position}, but this model was trained for texts of {most} tokens. Shorten the text.");
        }
    }

    private void CheckAdapters(AdapterSet adapters)
    {
        foreach (AdapterScale adapter in adapters.Adapters)
        {
            if (!model.Adapters.Contains(adapter.Name))
            {
                throw Refuse(
                    $"The batch is to be evaluated with the adapter '{adapter.Name}', but the model has {(model.Adapters.Count > 0 ? string.Join(", ", model.Adapters) : "none")}. " +
                    "Load the adapter with the model, or leave it out.");
            }
        }
    }

    private void CheckPositions(int index, int position, ReadOnlySpan<int> sequences)
    {
        for (int i = 0; i < sequences.Length; i++)
        {
            int sequence = sequences[i];
            CheckSequence(sequence);
            if (sequences[..i].Contains(sequence))
            {
                throw Refuse($"Batch entry {index} names sequence {sequence} twice.");
            }

            if (!_seen[sequence])
            {
                _seen[sequence] = true;
                _next[sequence] = context.GetPositions(sequence).End;
            }

            if (position != _next[sequence])
            {
                throw Refuse($"Batch entry {index} has position {position} in sequence {sequence}, but the next position there is {_next[sequence]}.");
            }

            if (i > 0 && !SameCellsBefore(sequences[0], sequence, position))
            {
                throw Refuse(
                    $"Batch entry {index} enters sequences {sequences[0]} and {sequence}, which differ before position {position}. " +
                    "Add the token once for each sequence.");
            }
        }

        foreach (int sequence in sequences)
        {
            _next[sequence]++;
            _previous[sequence] = index + 1;
        }
    }

    /// <summary>A token that enters two sequences is one cell, so what stands before it must be the same cells too.</summary>
    private bool SameCellsBefore(int first, int second, int position) =>
        _previous[first] == _previous[second] && (_previous[first] > 0 || Shared.End(first, second) >= position);

    private void CheckEmpty(int sequence)
    {
        PositionRange held = context.GetPositions(sequence);
        if (!held.IsEmpty)
        {
            throw Refuse($"Sequence {sequence} holds {held.Count} positions, but must be empty. Drop it first.");
        }
    }

    private static void CheckCapability(bool has, string what, string capability)
    {
        if (!has)
        {
            throw Lacks(what, capability);
        }
    }

    private static ModelContextException Lacks(string what, string capability) =>
        Refuse($"{what} is not possible with this model: its memory lacks {capability}. Ask ILanguageModel.Capabilities before, or choose another model.");

    private static ModelContextException Refuse(string message) => new(message);
}
