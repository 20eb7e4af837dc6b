namespace LlamaProvider.Decoding.Model;

/// <summary>
/// One KV memory: a pool of cells, each holding one token at one position for one or more sequences, and the means to evaluate tokens into it.
/// </summary>
/// <remarks>
/// <para>
/// <b>Threads.</b> A context has one owner thread; no two members may run at once, but for <see cref="GetLogits"/>, <see cref="GetHiddenState"/> and <see cref="GetRelevance"/>, by which several
/// threads may read rows between two other calls. The cancellation token passed to <see cref="Evaluate"/> may be signalled from elsewhere.
/// </para>
/// <para>
/// <b>Sequences</b> are numbered from 0 to <see cref="ContextLimits.Sequences"/> − 1 and exist without being created: one that holds no
/// token is empty. The positions of a sequence are always one gapless range, so the next token goes to <see cref="PositionRange.End"/>.
/// </para>
/// <para>
/// <b>Bad calls</b> (a sequence out of range, a batch above the limits, a position that leaves a gap, an operation that
/// <see cref="Capabilities"/> rules out) raise <see cref="ModelContextException"/> and change nothing.
/// </para>
/// </remarks>
public interface IModelContext : IDisposable
{
    /// <summary>The sizes in force, which may be smaller than those asked for.</summary>
    ContextLimits Limits { get; }

    /// <summary>What this memory can do; never more than the model's own <see cref="ILanguageModel.Capabilities"/>.</summary>
    ModelCapabilities Capabilities { get; }

    /// <summary>Cells that hold no token. An evaluation of as many tokens finds room.</summary>
    int FreeCells { get; }

    /// <summary>Cells that hold the tokens of some sequences; a cell that several of them share counts once.</summary>
    /// <param name="sequences">The sequences' numbers, each once.</param>
    int CountCells(ReadOnlySpan<int> sequences);

    /// <summary>Evaluates a batch: every token enters its sequences, and the wanted rows become readable.</summary>
    /// <param name="batch">The tokens. It is read during the call only and may be reused afterwards.</param>
    /// <param name="cancellationToken">Aborts the computation, where the back end can; see <see cref="EvaluationStatus.Aborted"/>.</param>
    /// <returns>How it ended. Anything but <see cref="EvaluationStatus.Completed"/> leaves no readable rows.</returns>
    EvaluationStatus Evaluate(ModelBatch batch, CancellationToken cancellationToken = default);

    /// <summary>The logits of one output of the last evaluation.</summary>
    /// <param name="output">Index among the batch's outputs, in the order in which they were added.</param>
    /// <returns>One value a token of the vocabulary; valid until the next call that changes the context.</returns>
    ReadOnlySpan<float> GetLogits(int output);

    /// <summary>The hidden state, after the model's final norm, of one output of the last evaluation.</summary>
    /// <param name="output">Index among the batch's outputs, in the order in which they were added.</param>
    /// <returns><see cref="ModelDescription.HiddenSize"/> values; valid until the next call that changes the context.</returns>
    ReadOnlySpan<float> GetHiddenState(int output);

    /// <summary>
    /// The rank head's score of the text that ends with an output's token, higher for more relevant; what range it has is the model's affair. Needs
    /// <see cref="ModelCapabilities.HasRankHead"/>, and a batch with <see cref="ModelBatch.Relevance"/>. Default: refused, for runtimes without rank heads.
    /// </summary>
    /// <param name="output">Index among the batch's outputs, in the order in which they were added.</param>
    /// <returns>The score; of a head with several outputs the first, as llama.cpp takes it.</returns>
    float GetRelevance(int output) => throw ContextRefusal.LacksRankHead();

    /// <summary>The positions that a sequence holds.</summary>
    /// <param name="sequence">The sequence's number.</param>
    PositionRange GetPositions(int sequence);

    /// <summary>Lets an empty sequence share the cells of another. No token is evaluated again.</summary>
    /// <param name="source">The sequence to share from.</param>
    /// <param name="destination">An empty sequence.</param>
    /// <param name="end">The first position that is not shared. Less than the source's end only with <see cref="ModelCapabilities.CanTrim"/>.</param>
    void Copy(int source, int destination, int end);

    /// <summary>Removes the tail of a sequence, so that the next token goes to <paramref name="end"/>. Needs <see cref="ModelCapabilities.CanTrim"/>.</summary>
    /// <param name="sequence">The sequence's number.</param>
    /// <param name="end">The first position removed. At or beyond the sequence's end nothing happens; at or before its start the sequence becomes empty.</param>
    void Trim(int sequence, int end);

    /// <summary>Empties a sequence; cells that no other sequence shares become free.</summary>
    /// <param name="sequence">The sequence's number.</param>
    void Drop(int sequence);

    /// <summary>Up to which position other sequences hold cells of a sequence; cells before it are shared, those from it on are the sequence's own.</summary>
    /// <param name="sequence">The sequence's number.</param>
    /// <returns>The end of the longest prefix that another sequence shares; 0 when none shares any.</returns>
    int GetSharedEnd(int sequence);

    /// <summary>
    /// Removes the positions from <paramref name="start"/> to <paramref name="end"/> and moves what follows down, so that the sequence stays gapless.
    /// Needs <see cref="ModelCapabilities.CanShift"/>, and no other sequence may share the cells that move.
    /// </summary>
    /// <param name="sequence">The sequence's number.</param>
    /// <param name="start">The first position removed.</param>
    /// <param name="end">The first position kept after the gap.</param>
    void Shift(int sequence, int start, int end);

    /// <summary>Writes one sequence's state. Needs <see cref="ModelCapabilities.CanSaveState"/>.</summary>
    /// <param name="sequence">The sequence's number.</param>
    /// <param name="destination">Receives the bytes; the format belongs to the runtime, the model and the numeric formats of this context.</param>
    void SaveState(int sequence, Stream destination);

    /// <summary>Restores what <see cref="SaveState"/> wrote into an empty sequence. On an error the sequence stays empty.</summary>
    /// <param name="sequence">The sequence's number.</param>
    /// <param name="source">The bytes, checked for completeness and for the same model before they are used.</param>
    /// <exception cref="ModelContextException">The bytes are damaged, cut short, or were written for another model.</exception>
    void LoadState(int sequence, Stream source);
}
