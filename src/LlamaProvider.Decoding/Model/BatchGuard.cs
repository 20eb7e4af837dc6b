namespace LlamaProvider.Decoding.Model;

/// <summary>Which batches a context may evaluate; the part of <see cref="ModelContextGuard"/> that goes through their tokens.</summary>
/// <param name="context">The context.</param>
/// <param name="model">Its model.</param>
/// <param name="shared">The cells that its sequences share.</param>
internal sealed class BatchGuard(IModelContext context, ILanguageModel model, SharedPrefixes shared)
{
    private readonly int[] _next = new int[context.Limits.Sequences];
    private readonly bool[] _seen = new bool[context.Limits.Sequences];

    /// <summary>For each sequence the number (from 1) of the batch entry that it received last; 0 before its first.</summary>
    private readonly int[] _previous = new int[context.Limits.Sequences];

    public void Check(ModelBatch batch)
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
                throw ContextRefusal.Of($"Batch entry {index} is token {token}, but the vocabulary has tokens 0 to {model.Vocabulary.Count - 1}.");
            }

            ReadOnlySpan<int> sequences = batch.GetSequences(index);
            if (sequences.IsEmpty)
            {
                throw ContextRefusal.Of($"Batch entry {index} (token {token}) enters no sequence; name at least one.");
            }

            CheckPositions(index, batch.Positions[index], sequences);
            if (context.Capabilities.EvaluatesWholeTexts)
            {
                CheckWhole(index, batch.Positions[index], sequences);
            }
        }
    }

    private void CheckSizes(ModelBatch batch)
    {
        ContextLimits limits = context.Limits;
        if (batch.Count == 0)
        {
            throw ContextRefusal.Of("The batch is empty; add at least one token.");
        }

        if (batch.Count > limits.BatchTokens)
        {
            throw ContextRefusal.Of($"The batch has {batch.Count} tokens, but this context takes {limits.BatchTokens}. Split it, or raise ContextOptions.BatchTokens.");
        }

        if (batch.OutputCount > limits.Outputs)
        {
            throw ContextRefusal.Of($"The batch wants {batch.OutputCount} outputs, but this context has {limits.Outputs}. Ask for fewer, or raise ContextOptions.Outputs.");
        }

        if (batch.HiddenStates)
        {
            ContextRefusal.Unless(context.Capabilities.HasHiddenStates, "Reading hidden states", nameof(ModelCapabilities.HasHiddenStates));
        }

        if (batch.Relevance)
        {
            ContextRefusal.UnlessRankHead(context.Capabilities);
        }

        if ((batch.HiddenStates || batch.Relevance) && batch.Count > limits.HiddenStateTokens)
        {
            throw ContextRefusal.Of(
                $"The batch has {batch.Count} tokens and asks for {(batch.HiddenStates ? "hidden states" : "relevance")}, but this context takes {limits.HiddenStateTokens} of such tokens. " +
                "Split it, or raise ContextOptions.Outputs.");
        }
    }

    /// <summary>What follows a token would change what was computed of it, so a text comes at once, into one sequence.</summary>
    private void CheckWhole(int index, int position, ReadOnlySpan<int> sequences)
    {
        if (sequences.Length > 1)
        {
            throw ContextRefusal.Of($"Batch entry {index} enters {sequences.Length} sequences, but this model evaluates each text by itself. Add the token once for each sequence.");
        }

        PositionRange held = context.GetPositions(sequences[0]);
        if (!held.IsEmpty)
        {
            throw ContextRefusal.Of(
                $"Batch entry {index} would follow {held.Count} tokens of sequence {sequences[0]}, but this model evaluates a text whole. Drop the sequence and evaluate all tokens at once.");
        }

        int most = model.Description.TrainedContextLength;
        if (most > 0 && position >= most)
        {
            throw ContextRefusal.Of($"Batch entry {index} has position {position}, but this model was trained for texts of {most} tokens. Shorten the text.");
        }
    }

    private void CheckAdapters(AdapterSet adapters)
    {
        foreach (AdapterScale adapter in adapters.Adapters)
        {
            if (!model.Adapters.Contains(adapter.Name))
            {
                throw ContextRefusal.Of(
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
            ContextRefusal.UnlessSequence(sequence, context.Limits);
            if (sequences[..i].Contains(sequence))
            {
                throw ContextRefusal.Of($"Batch entry {index} names sequence {sequence} twice.");
            }

            if (!_seen[sequence])
            {
                _seen[sequence] = true;
                _next[sequence] = context.GetPositions(sequence).End;
            }

            if (position != _next[sequence])
            {
                throw ContextRefusal.Of($"Batch entry {index} has position {position} in sequence {sequence}, but the next position there is {_next[sequence]}.");
            }

            if (i > 0 && !SameCellsBefore(sequences[0], sequence, position))
            {
                throw ContextRefusal.Of(
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
        _previous[first] == _previous[second] && (_previous[first] > 0 || shared.End(first, second) >= position);
}
