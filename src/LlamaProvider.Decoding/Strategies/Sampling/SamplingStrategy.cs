using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Decoding.Strategies.Sampling;

/// <summary>Generates one token a step, as a sampler pipeline chooses it, and with it those that the constraint forces after it.</summary>
/// <param name="answer">The tokens of the answer, for this request only.</param>
internal sealed class SamplingStrategy(AnswerTokens answer) : IDecodingStrategy
{
    private int _evaluated;

    /// <inheritdoc cref="AnswerTokens(Vocabulary, TokenSampler, StopSequences, int?, int?, JumpForward?, ReasoningTokens?)"/>
    public SamplingStrategy(
        Vocabulary vocabulary, TokenSampler sampler, StopSequences stops, int? maxTokens, int? keptTokens = null, JumpForward? jump = null, ReasoningTokens? reasoning = null)
        : this(new AnswerTokens(vocabulary, sampler, stops, maxTokens, keptTokens, jump, reasoning))
    {
    }

    public int MaxSequences => 1;

    /// <summary>Forced tokens are evaluated with what precedes them. Those that begin the answer become part of it after that, since nothing can be emitted before.</summary>
    public void Plan(IStepPlanner step)
    {
        ReadOnlySpan<int> wanted = answer.After(_evaluated);
        step.Evaluate(0, answer.Forced.Count > 0 ? [.. wanted, .. answer.Forced] : wanted, WantedOutputs.Last);
        _evaluated = answer.Sampler.Tokens.Length + answer.Forced.Count;
    }

    public void Advance(IStepResults results)
    {
        if (answer.AppendForced(results) && answer.Take(answer.Sampler.Choose(results.GetLogits(0)), results))
        {
            answer.AppendForced(results);
        }
    }

    public void Restart() => _evaluated = 0;

    public PositionRange? ForgetOldest() => answer.ForgetOldest();
}
