using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;

namespace LlamaProvider.Decoding.Strategies.Speculative.DraftModel;

/// <summary>The memory of a draft model, shared by the requests of an engine and used on the engine's thread.</summary>
/// <param name="model">The draft model, which the caller owns.</param>
/// <param name="options">The sizes of its memory.</param>
internal sealed class DraftModelContext(ILanguageModel model, ContextOptions options) : IDisposable
{
    private readonly ModelBatch _batch = new();
    private readonly SequencePool _pool = new(options.Sequences);

    public ILanguageModel Model => model;

    /// <summary>The most tokens of one evaluation.</summary>
    public int BatchTokens => Context.Limits.BatchTokens;

    private IModelContext Context { get; } = model.CreateContext(options);

    /// <summary>Takes an empty sequence; <see langword="null"/> when all are taken.</summary>
    public int? TryRent() => _pool.FreeCount > 0 ? _pool.Rent() : null;

    /// <summary>Empties a sequence and gives it back.</summary>
    public void Return(int sequence)
    {
        Context.Drop(sequence);
        _pool.Return(sequence);
    }

    /// <summary>Whether so many more tokens fit.</summary>
    public bool HasRoom(int tokens) => Context.FreeCells >= tokens;

    /// <summary>Takes the last tokens of a sequence back.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="length">How many tokens stay.</param>
    public void Trim(int sequence, int length)
    {
        if (length < Context.GetPositions(sequence).End)
        {
            Context.Trim(sequence, length);
        }
    }

    /// <summary>Evaluates tokens at the end of a sequence.</summary>
    /// <returns>The logits after the last of them; valid until the next call.</returns>
    /// <exception cref="EvaluationFailedException">The back end failed.</exception>
    public ReadOnlySpan<float> Evaluate(int sequence, ReadOnlySpan<int> tokens)
    {
        int position = Context.GetPositions(sequence).End;
        _batch.Clear();
        for (int i = 0; i < tokens.Length - 1; i++)
        {
            _batch.Add(tokens[i], position + i, sequence);
        }

        _batch.AddOutput(tokens[^1], position + tokens.Length - 1, sequence);
        EvaluationStatus status = Context.Evaluate(_batch);
        return status == EvaluationStatus.Completed
            ? Context.GetLogits(0)
            : throw new EvaluationFailedException($"The back end failed to evaluate {tokens.Length} tokens with the draft model ({status}); the log has its reason.");
    }

    /// <summary>Frees the memory. Requests must be over.</summary>
    public void Dispose() => Context.Dispose();
}
