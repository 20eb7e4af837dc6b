using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native;

/// <summary>
/// One KV memory in llama.cpp, whatever binding reaches it. Every call asks <see cref="ModelContextGuard"/> before native code, and the books of what is held, shared and readable are
/// kept here; a binding adds the native calls.
/// </summary>
internal abstract unsafe partial class NativeContext : IModelContext
{
    /// <summary>llama.cpp asks between any two graph nodes whether to go on. For a few tokens the answer costs more than it can save.</summary>
    private const int AbortableTokens = 32;

    private readonly ISequenceMemory _memory;
    private readonly AbortFlag _abort = new();
    private readonly ModelContextGuard _guard;
    private readonly OutputRows _rows;
    private readonly SequenceStateFormat _stateFormat;
    private AdapterSet _adapters = AdapterSet.None;
    private bool _hiddenStates;
    private bool _scored;
    private bool _embeddings;
    private bool _abortable;
    private int? _freeCells;

    /// <param name="model">The model that the context is of.</param>
    /// <param name="memory">The positions that its sequences hold.</param>
    /// <param name="limits">The sizes in force.</param>
    /// <param name="stateFormat">How saved states are wrapped.</param>
    protected NativeContext(ILanguageModel model, ISequenceMemory memory, ContextLimits limits, SequenceStateFormat stateFormat)
    {
        _memory = memory;
        _stateFormat = stateFormat;
        Limits = limits;
        Capabilities = model.Capabilities with { CanShift = model.Capabilities.CanShift && memory.CanShift };
        _rows = new OutputRows(limits.Outputs, model.Vocabulary.Count, model.Description.HiddenSize);
        _guard = new ModelContextGuard(this, model);
    }

    public ContextLimits Limits { get; }

    public ModelCapabilities Capabilities { get; }

    public int FreeCells
    {
        get
        {
            ThrowIfDisposed();
            return _freeCells ??= _guard.CountFreeCells();
        }
    }

    public int CountCells(ReadOnlySpan<int> sequences)
    {
        ThrowIfDisposed();
        return _guard.CountCells(sequences);
    }

    public EvaluationStatus Evaluate(ModelBatch batch, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        _rows.Clear();
        _guard.CheckBatch(batch);
        if (cancellationToken.IsCancellationRequested)
        {
            return EvaluationStatus.Aborted;
        }

        SetAdapters(batch.Adapters);
        SetEmbeddings(batch);
        int result = Decode(batch, cancellationToken);
        switch (result)
        {
            case DecodeResult.Ok:
                _guard.Commit(batch);
                _memory.Evaluated(batch);
                _freeCells -= batch.Count;
                NoteOutputs(batch);
                return EvaluationStatus.Completed;
            case DecodeResult.NoSlot:
                return EvaluationStatus.NoSlot;
            default:
                _freeCells = null;
                TrimStragglers(batch);
                return result == DecodeResult.Aborted ? EvaluationStatus.Aborted : EvaluationStatus.Failed;
        }
    }

    public ReadOnlySpan<float> GetLogits(int output)
    {
        ThrowIfDisposed();
        ModelContextGuard.CheckOutput(output, _rows.Count);
        return _rows.Logits(output);
    }

    public ReadOnlySpan<float> GetHiddenState(int output)
    {
        ThrowIfDisposed();
        ModelContextGuard.CheckOutput(output, _rows.Count);
        _guard.CheckHiddenStates(_hiddenStates);
        return _rows.HiddenState(output);
    }

    public float GetRelevance(int output)
    {
        ThrowIfDisposed();
        ModelContextGuard.CheckOutput(output, _rows.Count);
        _guard.CheckRelevance(_scored);
        return _rows.Relevance(output);
    }

    public PositionRange GetPositions(int sequence)
    {
        ThrowIfDisposed();
        _guard.CheckSequence(sequence);
        return _memory.GetPositions(sequence);
    }

    public void Copy(int source, int destination, int end)
    {
        ThrowIfDisposed();
        _guard.CheckCopy(source, destination, end);
        Changed();
        _memory.Copy(source, destination, end);
        _guard.Shared.Copy(source, destination, end);
    }

    public void Trim(int sequence, int end)
    {
        ThrowIfDisposed();
        _guard.CheckTrim(sequence, end);
        PositionRange held = GetPositions(sequence);
        if (end <= held.Start)
        {
            Drop(sequence);
        }
        else if (end < held.End)
        {
            Remove(sequence, end);
        }
    }

    public void Drop(int sequence)
    {
        ThrowIfDisposed();
        _guard.CheckSequence(sequence);
        Remove(sequence, 0);
    }

    public int GetSharedEnd(int sequence)
    {
        ThrowIfDisposed();
        return _guard.SharedEnd(sequence);
    }

    public void Shift(int sequence, int start, int end)
    {
        ThrowIfDisposed();
        _guard.CheckShift(sequence, start, end);
        Changed();
        _memory.Shift(sequence, start, end);
        _guard.Shared.Trim(sequence, start);
    }

    public void SaveState(int sequence, Stream destination)
    {
        ThrowIfDisposed();
        _guard.CheckState(sequence, load: false);
        using var buffer = new NativeBuffer(StateSize(sequence));
        nuint written = StateSave(buffer, sequence);
        if (written != buffer.Length)
        {
            throw new ModelContextException($"llama.cpp wrote {written} of {buffer.Length} bytes of the state of sequence {sequence}. Try again with a fresh context.");
        }

        _stateFormat.Write(destination, GetPositions(sequence), buffer);
    }

    public void LoadState(int sequence, Stream source)
    {
        ThrowIfDisposed();
        _guard.CheckState(sequence, load: true);
        Changed();
        using NativeBuffer state = _stateFormat.Read(source, Limits.Cells, out PositionRange positions);
        nuint read = StateLoad(state, sequence);
        if (read == 0 || GetPositions(sequence) != positions)
        {
            Remove(sequence, 0);
            throw new ModelContextException(
                $"The saved state of {positions.Count} positions could not be restored into sequence {sequence}. Check that enough of the {Limits.Cells} cells are free.");
        }
    }

    public abstract void Dispose();

    /// <summary>The rows are no longer readable, and the cells must be counted again.</summary>
    private void Changed()
    {
        _rows.Clear();
        _freeCells = null;
    }

    private void Remove(int sequence, int start)
    {
        Changed();
        if (!_memory.Remove(sequence, start))
        {
            throw new ModelContextException(
                $"llama.cpp could not trim sequence {sequence} to {start} positions: its memory keeps a running state. Drop the sequence and evaluate it again.");
        }

        _guard.Shared.Trim(sequence, start);
    }

    /// <summary>A change costs llama.cpp a new graph and the reservation of its buffers.</summary>
    private void SetAdapters(AdapterSet wanted)
    {
        if (!_adapters.Equals(wanted))
        {
            PutAdapters(wanted);
            _adapters = wanted;
        }
    }

    /// <summary>
    /// llama.cpp computes hidden states, or what a head makes of them, for all tokens of a batch or none; a change costs it a new graph, so it is made only when needed.
    /// An encoder has nothing else to give.
    /// </summary>
    private void SetEmbeddings(ModelBatch batch)
    {
        (_hiddenStates, _scored) = (batch.HiddenStates, batch.Relevance);
        bool wanted = _hiddenStates || _scored || Capabilities.EvaluatesWholeTexts;
        if (wanted != _embeddings)
        {
            PutEmbeddings(wanted);
            _embeddings = wanted;
        }
    }

    private int Decode(ModelBatch batch, CancellationToken cancellationToken)
    {
        bool abortable = batch.Count >= AbortableTokens;
        SetAbortable(abortable);
        if (!abortable)
        {
            return Decode(batch);
        }

        using (_abort.Arm(cancellationToken))
        {
            int result = Decode(batch);
            if (result == DecodeResult.Ok)
            {
                // Reading the rows would wait anyway; here an abort can still reach a back end that computes asynchronously.
                Synchronize();
            }

            return result;
        }
    }

    private void SetAbortable(bool wanted)
    {
        if (wanted != _abortable)
        {
            SetAbortFlag(wanted ? _abort : null);
            _abortable = wanted;
        }
    }

    /// <summary>Fetches the rows of all outputs at once, in order: llama.cpp may still move them when the first is asked for.</summary>
    private void NoteOutputs(ModelBatch batch)
    {
        ReadOnlySpan<bool> wanted = batch.Wanted;
        for (int index = 0; index < wanted.Length; index++)
        {
            if (wanted[index])
            {
                // Asked for logits that an encoder does not compute, llama.cpp logs an error for each.
                _rows.Add(
                    Capabilities.EvaluatesWholeTexts ? null : LogitsOf(index),
                    _hiddenStates ? HiddenStateOf(index) : null,
                    _scored ? RelevanceOf(batch.GetSequences(index)[0]) : 0);
            }
        }
    }

    /// <summary>
    /// After a failure llama.cpp removes the unfinished part from the first sequence of each token only; the others of a shared token follow here,
    /// so that they still hold the same cells.
    /// </summary>
    private void TrimStragglers(ModelBatch batch)
    {
        for (int index = 0; index < batch.Count; index++)
        {
            ReadOnlySpan<int> sequences = batch.GetSequences(index);
            int end = GetPositions(sequences[0]).End;
            foreach (int sequence in sequences[1..])
            {
                Trim(sequence, end);
            }

            if (sequences.Length > 1 && batch.Positions[index] < end)
            {
                _guard.Shared.Extend(sequences, batch.Positions[index], batch.Positions[index] + 1);
            }
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsClosed, this);
}
