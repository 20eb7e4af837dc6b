using System.Numerics.Tensors;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Strategies.Embedding;

/// <summary>Evaluates a text and pools the hidden states of its tokens; generates nothing.</summary>
/// <remarks>
/// The mean needs every token's state, and all outputs of a step come from one evaluation, so the text is evaluated in chunks of half of what a step with hidden
/// states may have: a chunk then fits beside the next token of every running answer, and beside a chunk of another text. The last token's state is one
/// output, so what comes before it is a prompt like any other and may come from a kept prefix. The first token's state depends on nothing that follows, so nothing else is evaluated.
/// Where every token sees the whole text (<see cref="ModelCapabilities.EvaluatesWholeTexts"/>), it is one step, and any token's state says something of it.
/// </remarks>
internal sealed class EmbeddingStrategy : IDecodingStrategy
{
    private readonly ReadOnlyMemory<int> _tokens;
    private readonly EmbeddingPooling _pooling;
    private readonly bool _whole;
    private readonly int _chunk;
    private readonly float[] _pooled;
    private int _planned;

    /// <param name="tokens">The text, of at least one token.</param>
    /// <param name="pooling">How its states become one vector.</param>
    /// <param name="hiddenSize">Values in a hidden state.</param>
    /// <param name="limits">The sizes of the context.</param>
    /// <param name="whole">Whether the model evaluates texts whole.</param>
    public EmbeddingStrategy(ReadOnlyMemory<int> tokens, EmbeddingPooling pooling, int hiddenSize, ContextLimits limits, bool whole = false)
    {
        _tokens = pooling == EmbeddingPooling.Cls && !whole ? tokens[..1] : tokens;
        _pooling = pooling;
        _whole = whole;
        _chunk = whole ? tokens.Length : Math.Max(1, limits.HiddenStateTokens / 2);
        _pooled = new float[hiddenSize];
    }

    public int MaxSequences => 1;

    public bool NeedsHiddenStates => true;

    /// <summary>The pooled vector, once the request has ended by itself.</summary>
    public ReadOnlySpan<float> Pooled => _pooled;

    private bool IsComplete => _planned == _tokens.Length;

    private bool IsMean => _pooling == EmbeddingPooling.Mean;

    public void Plan(IStepPlanner step)
    {
        ReadOnlySpan<int> rest = _tokens.Span[_planned..];
        int count = IsMean ? Math.Min(_chunk, rest.Length) : rest.Length;
        step.Evaluate(0, rest[..count], IsMean || _whole ? WantedOutputs.All : WantedOutputs.Last);
        _planned += count;
    }

    public void Advance(IStepResults results)
    {
        int outputs = IsMean ? ((_planned - 1) % _chunk) + 1 : 1;
        int first = _whole && _pooling == EmbeddingPooling.Last ? _tokens.Length - 1 : 0;
        for (int output = first; output < first + outputs; output++)
        {
            TensorPrimitives.Add(_pooled, results.GetHiddenState(output), _pooled);
        }

        if (IsComplete)
        {
            TensorPrimitives.Divide(_pooled, IsMean ? _tokens.Length : 1, _pooled);
            results.Finish(GenerationEnd.EndOfGeneration);
        }
    }

    public void Restart()
    {
        _planned = 0;
        Array.Clear(_pooled);
    }

    /// <summary>Texts that are embedded rarely begin alike, and keeping them would drive out conversations.</summary>
    public bool IsWorthKeeping(int sequence) => false;
}
