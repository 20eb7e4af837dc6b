using System.Numerics.Tensors;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Scheduling;

namespace LlamaProvider.Decoding.Strategies.Likelihood;

/// <summary>Evaluates a text and scores its tokens by what the model expected in their places; generates nothing.</summary>
/// <remarks>
/// The loss of token x_i is −ln p(x_i | x_0 … x_{i−1}) = ln Σ_j exp(l_j) − l_{x_i} with the logits l of the token before, so the text's last token is not evaluated. All outputs of a step come from one
/// evaluation; the scored part is therefore evaluated in chunks of half of what a step may have, which fit beside a chunk of another text. What precedes it is a prompt like any other.
/// </remarks>
internal sealed class LikelihoodStrategy : IDecodingStrategy
{
    private readonly ReadOnlyMemory<int> _tokens;
    private readonly int _firstScored;
    private readonly int _chunk;
    private readonly double[] _losses;
    private readonly float[] _weights;
    private readonly double[] _blockSums;
    private int _planned;
    private int _scored;

    /// <param name="tokens">The text.</param>
    /// <param name="firstScored">The first token that is scored. Range: 1 to the last.</param>
    /// <param name="vocabularySize">Logits in a row.</param>
    /// <param name="limits">The sizes of the context.</param>
    public LikelihoodStrategy(ReadOnlyMemory<int> tokens, int firstScored, int vocabularySize, ContextLimits limits)
    {
        _tokens = tokens;
        _firstScored = firstScored;
        _chunk = Math.Max(1, Math.Min(limits.Outputs, limits.BatchTokens) / 2);
        _losses = new double[tokens.Length - firstScored];
        _weights = new float[vocabularySize];
        _blockSums = new double[Softmax.BlockCount(vocabularySize)];
    }

    public int MaxSequences => 1;

    /// <summary>The losses of the scored tokens in nats, once the request has ended by itself.</summary>
    public ReadOnlySpan<double> Losses => _losses;

    public void Plan(IStepPlanner step)
    {
        int count = Math.Min(_chunk, _losses.Length - _scored);
        int end = _firstScored - 1 + _scored + count;
        step.Evaluate(0, _tokens.Span[_planned..end], new WantedOutputs(count));
        _planned = end;
    }

    public void Advance(IStepResults results)
    {
        int count = _planned - (_firstScored - 1 + _scored);
        for (int output = 0; output < count; output++)
        {
            _losses[_scored] = Loss(results.GetLogits(output), _tokens.Span[_firstScored + _scored]);
            _scored++;
        }

        if (_scored == _losses.Length)
        {
            results.Finish(GenerationEnd.EndOfGeneration);
        }
    }

    public void Restart()
    {
        _planned = 0;
        _scored = 0;
    }

    /// <summary>Texts that are scored rarely begin alike, and keeping them would drive out conversations.</summary>
    public bool IsWorthKeeping(int sequence) => false;

    private double Loss(ReadOnlySpan<float> logits, int token)
    {
        float largest = TensorPrimitives.Max(logits);
        if (!float.IsFinite(largest) || !float.IsFinite(logits[token]))
        {
            throw new EvaluationFailedException($"The model gave logits that are no finite numbers before token {token}, so it has no probability. Check the model file.", null);
        }

        return largest + Math.Log(Softmax.Weigh(logits, largest, _weights, _blockSums)) - logits[token];
    }
}
