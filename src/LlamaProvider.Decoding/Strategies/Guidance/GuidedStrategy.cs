using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Strategies.Guidance;

/// <summary>Generates one token a step from a row that guidance has changed: led away from a negative prompt, weighed by a token guide, or both in this order.</summary>
/// <remarks>
/// The changed row then goes through samplers and constraint as any other. The negative prompt's row comes out of the same evaluation. A token guide is code of the user's, which may take its
/// time and ask other models, so it runs outside the engine's thread and the request waits for it, while others go on.
/// </remarks>
/// <param name="answer">The tokens of the answer, for this request only.</param>
/// <param name="negative">What is led away from; <see langword="null"/> for nothing.</param>
/// <param name="guide">Weighs tokens; <see langword="null"/> for none.</param>
internal sealed class GuidedStrategy(AnswerTokens answer, NegativeText? negative, TokenReweighting? guide) : IDecodingStrategy
{
    private int _evaluated;

    public int MaxSequences => negative is null ? 1 : 2;

    public Task? Pending => guide?.Pending;

    public void Plan(IStepPlanner step)
    {
        ReadOnlySpan<int> tokens = answer.After(_evaluated);
        ReadOnlySpan<int> wanted = answer.Forced.Count > 0 ? [.. tokens, .. answer.Forced] : tokens;
        step.Evaluate(0, wanted, WantedOutputs.Last);
        negative?.Plan(step, _evaluated == 0 ? wanted[answer.Sampler.PromptLength..] : wanted, isEmpty: _evaluated == 0);
        _evaluated = answer.Sampler.Tokens.Length + answer.Forced.Count;
    }

    public void Advance(IStepResults results)
    {
        if (!answer.AppendForced(results))
        {
            return;
        }

        ReadOnlySpan<float> row = negative is null ? results.GetLogits(0) : negative.Combine(results.GetLogits(0), results.GetLogits(1), answer.Sampler);
        if (guide is null || !guide.Ask(row, answer.Sampler))
        {
            Take(row, results);
        }
    }

    public void Resume(IStepResults results) => Take(guide!.TakeRow(answer.Sampler), results);

    public void Restart() => _evaluated = 0;

    /// <summary>Two texts of different lengths have no common range to forget.</summary>
    public PositionRange? ForgetOldest() => negative is null ? answer.ForgetOldest() : null;

    public void Release() => guide?.Dispose();

    private void Take(ReadOnlySpan<float> row, IStepResults results)
    {
        if (answer.Take(answer.Sampler.Choose(row), results))
        {
            answer.AppendForced(results);
        }
    }
}
