using LlamaProvider.Decoding.Strategies.BestOf;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>One of the answers that best-of-n has drawn. Immutable, but for what its contents are.</summary>
public sealed class LlamaCandidate
{
    internal LlamaCandidate(IReadOnlyList<AIContent> contents, SampledAnswer sample, double score, ChatFinishReason finishReason)
    {
        Contents = contents;
        Sample = sample;
        Score = score;
        FinishReason = finishReason;
    }

    /// <summary>What the answer holds, as on a response: text, reasoning, calls.</summary>
    public IReadOnlyList<AIContent> Contents { get; }

    /// <summary>Its text, without reasoning and calls.</summary>
    public string Text => string.Concat(Contents.OfType<TextContent>().Select(static content => content.Text));

    /// <summary>Its tokens, those of a stop sequence included, without the one that ends a turn.</summary>
    public IReadOnlyList<int> Tokens => Sample.Tokens;

    /// <summary>The natural logarithm of the probability that the model gives each token, before samplers; one more than <see cref="Tokens"/> where the model ended the answer.</summary>
    public IReadOnlyList<double> TokenLogProbabilities => Sample.LogProbabilities;

    /// <summary>The mean of <see cref="TokenLogProbabilities"/>: how likely the model finds the answer, whatever its length.</summary>
    public double Likelihood => Sample.Likelihood;

    /// <summary>What the scorer says of it; higher is better. While it is being judged: <see cref="Likelihood"/>.</summary>
    public double Score { get; }

    /// <summary>How it ended.</summary>
    public ChatFinishReason FinishReason { get; }

    internal SampledAnswer Sample { get; }

    /// <summary><see cref="Text"/>.</summary>
    public override string ToString() => Text;

    internal LlamaCandidate WithScore(double score) => new(Contents, Sample, score, FinishReason);
}
