using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Native;

/// <summary>The rows of the last evaluation's outputs, in order. They lie in llama.cpp's memory and are valid until the next call that changes the context.</summary>
/// <param name="outputs">The most outputs of an evaluation.</param>
/// <param name="vocabularySize">Values of a row of logits.</param>
/// <param name="hiddenSize">Values of a hidden state.</param>
internal sealed unsafe class OutputRows(int outputs, int vocabularySize, int hiddenSize)
{
    private readonly nint[] _logits = new nint[outputs];
    private readonly nint[] _hidden = new nint[outputs];
    private readonly float[] _relevance = new float[outputs];

    /// <summary>How many can be read.</summary>
    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <param name="logits">The output's logits; <see langword="null"/> when there are none.</param>
    /// <param name="hidden">Its hidden state; <see langword="null"/> when there is none.</param>
    /// <param name="relevance">Its score by a rank head.</param>
    public void Add(float* logits, float* hidden, float relevance)
    {
        _logits[Count] = (nint)logits;
        _hidden[Count] = (nint)hidden;
        _relevance[Count] = relevance;
        Count++;
    }

    public ReadOnlySpan<float> Logits(int output) => Row(_logits[output], vocabularySize);

    public ReadOnlySpan<float> HiddenState(int output) => Row(_hidden[output], hiddenSize);

    public float Relevance(int output) => _relevance[output];

    private static ReadOnlySpan<float> Row(nint values, int count) =>
        values == 0
            ? throw new ModelContextException("llama.cpp has no row for this output. Read rows before the next call that changes the context.")
            : new ReadOnlySpan<float>((float*)values, count);
}
