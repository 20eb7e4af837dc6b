using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native;

/// <summary>One KV memory in llama.cpp. Every call asks <see cref="ModelContextGuard"/> before native code.</summary>
internal sealed unsafe class LlamaCppContext : IModelContext
{
    /// <summary>llama.cpp asks between any two graph nodes whether to go on. For a few tokens the answer costs more than it can save.</summary>
    private const int AbortableTokens = 32;

    private readonly LlamaCppModel _model;
    private readonly ContextHandle _handle;
    private readonly ThreadPoolHandle? _threads;
    private readonly ISequenceMemory _memory;
    private readonly AbortFlag _abort = new();
    private readonly NativeBatch _batch;
    private readonly ModelContextGuard _guard;
    private readonly nint[] _logits;
    private readonly nint[] _hidden;
    private readonly float[] _relevance;
    private readonly int _vocabularySize;
    private readonly int _hiddenSize;
    private readonly SequenceStateFormat _stateFormat;
    private AdapterSet _adapters = AdapterSet.None;
    private bool _hiddenStates;
    private bool _scored;
    private bool _embeddings;
    private bool _abortable;
    private int _outputs;
    private int? _freeCells;

    public LlamaCppContext(LlamaCppModel model, ContextHandle handle, ContextOptions options, in LlamaContextParams parameters)
    {
        _model = model;
        _handle = handle;
        _threads = ThreadPoolHandle.Create(Math.Max(parameters.Threads, parameters.ThreadsBatch));
        if (_threads is not null)
        {
            LibLlama.AttachThreadPool(handle, _threads.DangerousGetHandle(), _threads.DangerousGetHandle());
        }

        nint memory = LibLlama.GetMemory(handle);
        _memory = memory == 0 ? new TextMemory(options.Sequences + options.KeptSequences) : new KvMemory(memory);
        _vocabularySize = model.Vocabulary.Count;
        _hiddenSize = model.Description.HiddenSize;
        Limits = new ContextLimits
        {
            Cells = (int)LibLlama.ContextLength(handle),
            Sequences = options.Sequences + options.KeptSequences,
            BatchTokens = (int)LibLlama.ContextBatchTokens(handle),
            Outputs = (int)parameters.OutputsMax,
            HiddenStateTokens = (int)parameters.OutputsMax,
        };
        Capabilities = model.Capabilities with
        {
            CanShift = model.Capabilities.CanShift && _memory.CanShift,
        };
        _batch = new NativeBatch(Limits.BatchTokens);
        _logits = new nint[Limits.Outputs];
        _hidden = new nint[Limits.Outputs];
        _relevance = new float[Limits.Outputs];
        _guard = new ModelContextGuard(this, model);
        _stateFormat = new SequenceStateFormat(model.Fingerprint, options.KeyType, options.ValueType);
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
        _outputs = 0;
        _guard.CheckBatch(batch);
        if (cancellationToken.IsCancellationRequested)
        {
            return EvaluationStatus.Aborted;
        }

        SetAdapters(batch.Adapters);
        SetEmbeddings(batch);
        int result = Decode(_batch.Fill(batch), cancellationToken);
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
        ModelContextGuard.CheckOutput(output, _outputs);
        return Row((float*)_logits[output], _vocabularySize);
    }

    public ReadOnlySpan<float> GetHiddenState(int output)
    {
        ThrowIfDisposed();
        ModelContextGuard.CheckOutput(output, _outputs);
        _guard.CheckHiddenStates(_hiddenStates);
        return Row((float*)_hidden[output], _hiddenSize);
    }

    public float GetRelevance(int output)
    {
        ThrowIfDisposed();
        ModelContextGuard.CheckOutput(output, _outputs);
        _guard.CheckRelevance(_scored);
        return _relevance[output];
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
        using var buffer = new NativeBuffer(LibLlama.StateSize(_handle, sequence));
        nuint written = LibLlama.StateSave(_handle, buffer.Pointer, buffer.Length, sequence);
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
        nuint read = LibLlama.StateLoad(_handle, state.Pointer, state.Length, sequence);
        if (read == 0 || GetPositions(sequence) != positions)
        {
            Remove(sequence, 0);
            throw new ModelContextException(
                $"The saved state of {positions.Count} positions could not be restored into sequence {sequence}. Check that enough of the {Limits.Cells} cells are free.");
        }
    }

    public void Dispose()
    {
        _handle.Dispose();
        _threads?.Dispose();
    }

    /// <summary>The rows are no longer readable, and the cells must be counted again.</summary>
    private void Changed()
    {
        _outputs = 0;
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
        if (_adapters.Equals(wanted))
        {
            return;
        }

        int count = wanted.Adapters.Length;
        nint* adapters = stackalloc nint[Math.Max(1, count)];
        float* scales = stackalloc float[Math.Max(1, count)];
        for (int index = 0; index < count; index++)
        {
            adapters[index] = _model.GetAdapter(wanted.Adapters[index].Name);
            scales[index] = wanted.Adapters[index].Scale;
        }

        int result = LibLlama.SetAdapters(_handle, adapters, (nuint)count, scales);
        if (result != 0)
        {
            throw new ModelContextException($"llama.cpp could not set the adapters ({wanted}): it returned {result}. Leave them out, or load the model anew.");
        }

        _adapters = wanted;
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
            LibLlama.SetEmbeddings(_handle, wanted);
            _embeddings = wanted;
        }
    }

    private int Decode(LlamaBatch batch, CancellationToken cancellationToken)
    {
        bool abortable = batch.TokenCount >= AbortableTokens;
        SetAbortable(abortable);
        if (!abortable)
        {
            return LibLlama.Decode(_handle, batch);
        }

        using (_abort.Arm(cancellationToken))
        {
            int result = LibLlama.Decode(_handle, batch);
            if (result == DecodeResult.Ok)
            {
                // Reading the rows would wait anyway; here an abort can still reach a back end that computes asynchronously.
                LibLlama.Synchronize(_handle);
            }

            return result;
        }
    }

    private void SetAbortable(bool wanted)
    {
        if (wanted != _abortable)
        {
            LibLlama.SetAbortCallback(_handle, wanted ? AbortFlag.Callback : null, _abort.Pointer);
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
                _logits[_outputs] = Capabilities.EvaluatesWholeTexts ? 0 : (nint)LibLlama.GetLogits(_handle, index);
                _hidden[_outputs] = _hiddenStates ? (nint)LibLlama.GetEmbeddings(_handle, index) : 0;
                _relevance[_outputs] = _scored ? *LibLlama.GetPooledEmbeddings(_handle, batch.GetSequences(index)[0]) : 0;
                _outputs++;
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

    private static ReadOnlySpan<float> Row(float* values, int count) =>
        values is null
            ? throw new ModelContextException("llama.cpp has no row for this output. Read rows before the next call that changes the context.")
            : new ReadOnlySpan<float>(values, count);

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
}
