using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Decoding.Strategies.Guidance;

/// <summary>The text that classifier-free guidance leads away from: another prompt, followed by the same answer, in a sequence of its own.</summary>
/// <param name="prompt">The negative prompt, of at least one token.</param>
/// <param name="scale">How far to lead away; 1 is not at all.</param>
/// <param name="vocabularySize">Logits of a row.</param>
internal sealed class NegativeText(int[] prompt, double scale, int vocabularySize)
{
    /// <summary>The number of the sequence that holds it.</summary>
    public const int Sequence = 1;

    private readonly float[] _row = new float[vocabularySize];

    /// <summary>Wants what follows in the answer.</summary>
    /// <param name="step">Takes the wish.</param>
    /// <param name="next">The tokens of the answer that are not evaluated yet.</param>
    /// <param name="isEmpty">Whether the sequence is empty, so that the prompt comes first.</param>
    public void Plan(IStepPlanner step, ReadOnlySpan<int> next, bool isEmpty) =>
        step.Evaluate(Sequence, isEmpty ? [.. prompt, .. next] : next, WantedOutputs.Last);

    /// <summary>The guided row, valid until the next call.</summary>
    /// <param name="conditional">The logits after the prompt and the answer so far.</param>
    /// <param name="unconditional">The logits after this text.</param>
    /// <param name="sampler">Normalises them.</param>
    public ReadOnlySpan<float> Combine(ReadOnlySpan<float> conditional, ReadOnlySpan<float> unconditional, TokenSampler sampler)
    {
        GuidanceFormula.Combine(conditional, sampler.Normalizer(conditional), unconditional, sampler.Normalizer(unconditional), scale, _row);
        sampler.Recorder?.Log.Guide(sampler.Tokens.Length - sampler.PromptLength, scale, conditional, unconditional, _row);
        return _row;
    }
}
