using System.Buffers.Binary;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.TestSupport.Scripted;

internal sealed class ScriptedContext : IModelContext
{
    private const uint StateMagic = 0x53435450;

    private readonly ScriptedModel _model;
    private readonly List<Cell>[] _sequences;
    private readonly ModelContextGuard _guard;
    private readonly List<float[]> _logits = [];
    private readonly List<float[]> _hidden = [];
    private readonly List<float> _relevance = [];
    private bool _hiddenStates;
    private bool _scored;
    private bool _disposed;

    public ScriptedContext(ScriptedModel model, ContextOptions options)
    {
        _model = model;
        int outputs = model.Capabilities.EvaluatesWholeTexts ? options.BatchTokens : Math.Min(options.Outputs ?? 2 * options.Sequences, options.BatchTokens);
        Limits = new ContextLimits
        {
            Cells = options.ContextLength ?? model.Description.TrainedContextLength,
            Sequences = options.Sequences + options.KeptSequences,
            BatchTokens = options.BatchTokens,
            Outputs = outputs,
            HiddenStateTokens = outputs,
        };
        _sequences = [.. Enumerable.Range(0, options.Sequences + options.KeptSequences).Select(_ => new List<Cell>())];
        _guard = new ModelContextGuard(this, model);
    }

    public ContextLimits Limits { get; }

    public ModelCapabilities Capabilities => _model.Capabilities;

    public int FreeCells => _guard.CountFreeCells();

    /// <summary>The score of a text.</summary>
    public static float Relevance(ReadOnlySpan<int> tokens) => (float)Math.Sin(Hash(tokens)) * 5;

    /// <summary>The hidden state of a token that has seen some others: those before it, or all.</summary>
    public static float[] HiddenState(ReadOnlySpan<int> seen, int position, int size)
    {
        uint hash = Hash(seen);
        return [.. Enumerable.Range(0, size).Select(i => (float)Math.Sin(hash + position + i))];
    }

    public static uint Hash(ReadOnlySpan<int> prefix)
    {
        uint hash = 2166136261;
        foreach (int token in prefix)
        {
            hash = (hash ^ (uint)token) * 16777619;
        }

        return hash;
    }

    public int CountCells(ReadOnlySpan<int> sequences)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _guard.CountCells(sequences);
    }

    public EvaluationStatus Evaluate(ModelBatch batch, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _logits.Clear();
        _hidden.Clear();
        _relevance.Clear();
        _guard.CheckBatch(batch);
        if (cancellationToken.IsCancellationRequested)
        {
            return EvaluationStatus.Aborted;
        }

        if (_model.Faults.Next.TryDequeue(out EvaluationStatus fault) && fault != EvaluationStatus.Completed)
        {
            return fault;
        }

        if (batch.Count > FreeCells)
        {
            return EvaluationStatus.NoSlot;
        }

        (_hiddenStates, _scored) = (batch.HiddenStates, batch.Relevance);
        for (int index = 0; index < batch.Count; index++)
        {
            _model.Faults.BeforeToken?.Invoke(index);
            if (cancellationToken.IsCancellationRequested)
            {
                _logits.Clear();
                _hidden.Clear();
                return EvaluationStatus.Aborted;
            }

            EvaluateToken(batch, index);
        }

        _model.Faults.BatchSizes.Add(batch.Count);
        CountCells();
        return EvaluationStatus.Completed;
    }

    public ReadOnlySpan<float> GetLogits(int output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ModelContextGuard.CheckOutput(output, _logits.Count);
        return _logits[output];
    }

    public ReadOnlySpan<float> GetHiddenState(int output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ModelContextGuard.CheckOutput(output, _logits.Count);
        _guard.CheckHiddenStates(_hiddenStates);
        return _hidden[output];
    }

    public float GetRelevance(int output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ModelContextGuard.CheckOutput(output, _logits.Count);
        _guard.CheckRelevance(_scored);
        return _relevance[output];
    }

    public PositionRange GetPositions(int sequence)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _guard.CheckSequence(sequence);
        return new PositionRange(0, _sequences[sequence].Count);
    }

    public void Copy(int source, int destination, int end)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _guard.CheckCopy(source, destination, end);
        Forget();
        _sequences[destination].AddRange(_sequences[source].Take(end));
        _guard.Shared.Copy(source, destination, end);
        CountCells();
    }

    public void Trim(int sequence, int end)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _guard.CheckTrim(sequence, end);
        end = Math.Max(end, 0);
        if (end < _sequences[sequence].Count)
        {
            Forget();
            _sequences[sequence].RemoveRange(end, _sequences[sequence].Count - end);
            _guard.Shared.Trim(sequence, end);
            CountCells();
        }
    }

    public void Drop(int sequence)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _guard.CheckSequence(sequence);
        Forget();
        _sequences[sequence].Clear();
        _guard.Shared.Trim(sequence, 0);
        CountCells();
    }

    public int GetSharedEnd(int sequence)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _guard.SharedEnd(sequence);
    }

    public void Shift(int sequence, int start, int end)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _guard.CheckShift(sequence, start, end);
        Forget();
        _sequences[sequence].RemoveRange(start, end - start);
        _guard.Shared.Trim(sequence, start);
        CountCells();
    }

    public void SaveState(int sequence, Stream destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _guard.CheckState(sequence, load: false);
        WriteInt(destination, unchecked((int)StateMagic));
        WriteInt(destination, _sequences[sequence].Count);
        int[] values = [.. _sequences[sequence].SelectMany(cell => new[] { cell.Token, unchecked((int)cell.Salt) })];
        Array.ForEach(values, value => WriteInt(destination, value));
        WriteInt(destination, unchecked((int)Hash(values)));
    }

    public void LoadState(int sequence, Stream source)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _guard.CheckState(sequence, load: true);
        if (ReadInt(source) != unchecked((int)StateMagic))
        {
            throw new ModelContextException("The saved state does not begin as one that SaveState wrote.");
        }

        int count = ReadInt(source);
        var values = new List<int>();
        for (int i = 0; i < 2L * count; i++)
        {
            values.Add(ReadInt(source));
        }

        if (ReadInt(source) != unchecked((int)Hash([.. values])))
        {
            throw new ModelContextException("The saved state is damaged.");
        }

        _sequences[sequence].AddRange(Enumerable.Range(0, count).Select(i => new Cell(values[2 * i], unchecked((uint)values[(2 * i) + 1]))));
        CountCells();
    }

    public void Dispose() => _disposed = true;

    private static void WriteInt(Stream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static int ReadInt(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (stream.ReadAtLeast(bytes, 4, throwOnEndOfStream: false) < 4)
        {
            throw new ModelContextException("The saved state ends too early.");
        }

        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    private void EvaluateToken(ModelBatch batch, int index)
    {
        ReadOnlySpan<int> sequences = batch.GetSequences(index);
        foreach (int sequence in sequences)
        {
            _sequences[sequence].Add(new Cell(batch.Tokens[index], Salt(batch.Adapters)));
        }

        _guard.Shared.Extend(sequences, batch.Positions[index], batch.Positions[index] + 1);
        if (batch.Wanted[index])
        {
            List<Cell> cells = _sequences[sequences[0]];
            int[] prefix = [.. cells.Select(cell => cell.Token)];
            var row = new float[_model.Vocabulary.Count];
            _model.Logits(prefix, row);
            AddSalt([.. cells.Select(cell => unchecked((int)cell.Salt))], row);
            _logits.Add(row);
            int[] seen = Capabilities.EvaluatesWholeTexts ? TextOf(batch, sequences[0]) : prefix;
            _hidden.Add(HiddenState(seen, Capabilities.EvaluatesWholeTexts ? batch.Positions[index] : 0, _model.Description.HiddenSize));
            _relevance.Add(Relevance(seen));
        }
    }

    private static int[] TextOf(ModelBatch batch, int sequence)
    {
        var tokens = new List<int>();
        for (int index = 0; index < batch.Count; index++)
        {
            if (batch.GetSequences(index)[0] == sequence)
            {
                tokens.Add(batch.Tokens[index]);
            }
        }

        return [.. tokens];
    }

    /// <summary>What adapters leave in a cell: nothing for none.</summary>
    public static uint Salt(AdapterSet adapters) => adapters.Adapters.IsEmpty ? 0 : Hash([.. adapters.ToString().Select(c => (int)c)]);

    public static void AddSalt(ReadOnlySpan<int> salts, Span<float> row)
    {
        if (!salts.ContainsAnyExcept(0))
        {
            return;
        }

        uint state = Hash(salts);
        foreach (ref float logit in row)
        {
            state = (state * 1664525) + 1013904223;
            logit += (state >> 8) / (float)(1 << 24) * 10f;
        }
    }

    private void CountCells() => _model.Faults.UsedCells = Limits.Cells - FreeCells;

    private void Forget()
    {
        _logits.Clear();
        _hidden.Clear();
    }

    /// <summary>A token, and what the adapters that it was evaluated with have left in its cell.</summary>
    private readonly record struct Cell(int Token, uint Salt);
}
