using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;

namespace LlamaProvider.Decoding.Strategies.Speculative.DraftModel;

/// <summary>The memory of a draft model, shared by the requests of an engine and used on the engine's thread.</summary>
/// <remarks>What a request leaves in its sequence stays until its cells or the sequence are needed, so a request that begins alike, such as the next turn of a conversation, goes on from there.</remarks>
/// <param name="model">The draft model, which the caller owns.</param>
/// <param name="options">The sizes of its memory.</param>
internal sealed class DraftModelContext(ILanguageModel model, ContextOptions options) : IDisposable
{
    private readonly ModelBatch _batch = new();
    private readonly IModelContext _context = model.CreateContext(options);

    /// <summary>The sequences that no request has, the one that was given back last at the end.</summary>
    private readonly List<DraftSequence> _free = [.. Enumerable.Range(0, options.Sequences).Select(static number => new DraftSequence(number))];

    public ILanguageModel Model => model;

    /// <summary>The most tokens of one evaluation.</summary>
    public int BatchTokens => _context.Limits.BatchTokens;

    /// <summary>Sequences that no request has.</summary>
    public int FreeSequences => _free.Count;

    /// <summary>Takes a sequence, with as much of a text as one holds from before; <see langword="null"/> when all are taken.</summary>
    public DraftSequence? TryRent(ReadOnlySpan<int> text)
    {
        DraftSequence? best = null;
        int most = -1;
        foreach (DraftSequence sequence in _free)
        {
            if (sequence.CountCommon(text) is int common && common > most)
            {
                (best, most) = (sequence, common);
            }
        }

        if (best is not null)
        {
            _free.Remove(best);
        }

        return best;
    }

    /// <summary>Gives a sequence back.</summary>
    public void Return(DraftSequence sequence) => _free.Add(sequence);

    /// <summary>Whether so many more tokens fit; sequences that no request has are emptied for them.</summary>
    public bool HasRoom(int tokens)
    {
        for (int index = 0; index < _free.Count && _context.FreeCells < tokens; index++)
        {
            Trim(_free[index], 0);
        }

        return _context.FreeCells >= tokens;
    }

    /// <summary>Takes the last tokens of a sequence back.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="length">How many tokens stay.</param>
    public void Trim(DraftSequence sequence, int length)
    {
        if (length == 0)
        {
            _context.Drop(sequence.Number);
            sequence.Tokens.Clear();
        }
        else if (length < sequence.Tokens.Count)
        {
            _context.Trim(sequence.Number, length);
            sequence.Tokens.RemoveRange(length, sequence.Tokens.Count - length);
        }
    }

    /// <summary>Evaluates tokens at the end of a sequence.</summary>
    /// <returns>The logits after the last of them; valid until the next call.</returns>
    /// <exception cref="EvaluationFailedException">The back end failed; the sequence is empty now.</exception>
    public ReadOnlySpan<float> Evaluate(DraftSequence sequence, ReadOnlySpan<int> tokens)
    {
        int position = sequence.Tokens.Count;
        _batch.Clear();
        for (int i = 0; i < tokens.Length - 1; i++)
        {
            _batch.Add(tokens[i], position + i, sequence.Number);
        }

        _batch.AddOutput(tokens[^1], position + tokens.Length - 1, sequence.Number);
        EvaluationStatus status = _context.Evaluate(_batch);
        if (status != EvaluationStatus.Completed)
        {
            // A part of it may have been evaluated.
            Trim(sequence, 0);
            throw new EvaluationFailedException($"The back end failed to evaluate {tokens.Length} tokens with the draft model ({status}); the log has its reason.");
        }

        sequence.Tokens.AddRange(tokens);
        return _context.GetLogits(0);
    }

    /// <summary>Frees the memory. Requests must be over.</summary>
    public void Dispose() => _context.Dispose();
}
