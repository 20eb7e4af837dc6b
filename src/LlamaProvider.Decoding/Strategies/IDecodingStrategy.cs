using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;

namespace LlamaProvider.Decoding.Strategies;

/// <summary>
/// One request's way of generating: sampling, beams, verification of drafts … It never evaluates anything itself. Each step it says which tokens it wants in
/// which of its sequences, and when their outputs are there it reads them and decides, so steps of different requests share one batch.
/// </summary>
/// <remarks>
/// One instance serves one request, on the engine's thread. An exception out of any member fails this request alone.
/// All outputs of a step come from one evaluation; what precedes the first wanted output may be spread over several, so a long prompt can be one step.
/// </remarks>
internal interface IDecodingStrategy
{
    /// <summary>The most sequences it holds at once. They are reserved before the first step. Range: 1 to the engine's sequences.</summary>
    int MaxSequences { get; }

    /// <summary>
    /// Whether it reads hidden states. Steps with such a request have at most <see cref="ContextLimits.HiddenStateTokens"/> tokens, since a runtime may compute an output for each.
    /// Needs <see cref="ModelCapabilities.HasHiddenStates"/>.
    /// </summary>
    bool NeedsHiddenStates => false;

    /// <summary>Whether it reads the rank head's scores, which bounds steps as <see cref="NeedsHiddenStates"/> does. Needs <see cref="ModelCapabilities.HasRankHead"/>.</summary>
    bool NeedsRelevance => false;

    /// <summary>Says what to evaluate next. Called once before each <see cref="Advance"/>.</summary>
    void Plan(IStepPlanner step);

    /// <summary>Reads the step's outputs, emits tokens, and ends the request when it is done.</summary>
    void Advance(IStepResults results);

    /// <summary>
    /// Its sequences were taken away to make room; <see cref="Plan"/> follows and starts again from empty sequences with everything decided so far.
    /// What was emitted stays emitted.
    /// </summary>
    void Restart();

    /// <summary>
    /// Its text fills the whole context. It may give up a range of the oldest positions, the same in all of its sequences; the positions after them move down, and
    /// a <see cref="Plan"/> after <see cref="Restart"/> leaves their tokens out.
    /// </summary>
    /// <returns>The positions, as they are now; <see langword="null"/> when it keeps all, which ends it at the context's limit.</returns>
    PositionRange? ForgetOldest() => null;

    /// <summary>Whether what a sequence holds at the end is likely to be the beginning of a later request. Alternatives that were not taken are not.</summary>
    /// <param name="sequence">The strategy's number of the sequence.</param>
    bool IsWorthKeeping(int sequence) => true;

    /// <summary>
    /// What it waits for outside the engine before it can go on; <see langword="null"/> when nothing. It begins in <see cref="Advance"/> or <see cref="Resume"/>. Until it is complete, however
    /// that is, the request is left out of steps but keeps its sequences, unless they are needed elsewhere.
    /// </summary>
    Task? Pending => null;

    /// <summary>What was <see cref="Pending"/> is complete: decides with it, as <see cref="Advance"/> does. <see cref="Plan"/> follows, unless there is something pending again. No output is readable.</summary>
    void Resume(IStepResults results)
    {
    }

    /// <summary>The request is over, however it ended. Called once, on the engine's thread, after everything else.</summary>
    void Release()
    {
    }

    /// <summary>
    /// There is no room for another step and nothing is given up, so the request ends at the context's limit after this call: what was decided but not yet emitted is emitted now.
    /// No output is readable.
    /// </summary>
    void Conclude(IStepResults results)
    {
    }
}

/// <summary>Where a strategy says what it wants. Sequences are numbered by the strategy from 0; the engine maps them to its own.</summary>
/// <remarks>
/// <see cref="Fork"/> and <see cref="Trim"/> take effect at once and in order, before what the step evaluates. All sequences are empty before the first step and after
/// <see cref="IDecodingStrategy.Restart"/>, so there is nothing to fork until one step has filled a sequence.
/// </remarks>
internal interface IStepPlanner
{
    /// <summary>How busy the engine is, and what steps cost.</summary>
    StepLoad Load { get; }

    /// <summary>
    /// Makes a sequence an alternative of another: what it held is gone, and it shares the other's cells from now on. No token is evaluated again, and no cell is taken.
    /// </summary>
    /// <param name="source">The sequence to share from, which is not empty.</param>
    /// <param name="destination">Another sequence.</param>
    void Fork(int source, int destination);

    /// <summary>Takes the last tokens of a sequence back.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="length">How many tokens stay. 0 empties it; more needs <see cref="ModelCapabilities.CanTrim"/>.</param>
    void Trim(int sequence, int length);

    /// <summary>Wants tokens at the end of a sequence.</summary>
    /// <param name="sequence">The strategy's number of the sequence, below <see cref="IDecodingStrategy.MaxSequences"/>.</param>
    /// <param name="tokens">The tokens, at least one; copied.</param>
    /// <param name="outputs">For which of them the outputs are wanted.</param>
    void Evaluate(int sequence, ReadOnlySpan<int> tokens, WantedOutputs outputs);
}

/// <summary>Where the tokens of an answer go.</summary>
internal interface IAnswerSink
{
    /// <summary>Adds a token to the answer.</summary>
    /// <param name="token">The token.</param>
    /// <param name="isForced">Whether a constraint left no choice about it, so that the model was not asked.</param>
    void Emit(int token, bool isForced = false);

    /// <summary>Ends the answer. Of a request's results it ends the request: nothing is planned after it.</summary>
    void Finish(GenerationEnd end);
}

/// <summary>Where a strategy reads a step's outputs and says what follows from them.</summary>
internal interface IStepResults : IAnswerSink
{
    /// <summary>The logits of an output, numbered in the order in which this step wanted them. Valid during the call.</summary>
    ReadOnlySpan<float> GetLogits(int output);

    /// <summary>The hidden state of an output, after the model's final norm. Valid during the call. Needs <see cref="IDecodingStrategy.NeedsHiddenStates"/>.</summary>
    ReadOnlySpan<float> GetHiddenState(int output);

    /// <summary>The rank head's score of the text that ends with an output's token. Valid during the call. Needs <see cref="IDecodingStrategy.NeedsRelevance"/>.</summary>
    float GetRelevance(int output);

    /// <summary>Notes how a draft fared.</summary>
    /// <param name="drafted">Tokens that were drafted.</param>
    /// <param name="accepted">Those of them that became part of the answer.</param>
    void CountDraft(int drafted, int accepted);
}

/// <summary>For which tokens of a run the outputs are wanted: the last ones.</summary>
/// <param name="Count">How many; more than there are means all.</param>
internal readonly record struct WantedOutputs(int Count)
{
    /// <summary>The last token's: what follows the run.</summary>
    public static WantedOutputs Last { get; } = new(1);

    /// <summary>Every token's.</summary>
    public static WantedOutputs All { get; } = new(int.MaxValue);
}
