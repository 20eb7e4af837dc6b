using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>One of the texts that a beam search has found. Immutable, but for what its contents are.</summary>
public sealed class LlamaBeam
{
    internal LlamaBeam(IReadOnlyList<AIContent> contents, IReadOnlyList<int> tokens, IReadOnlyList<double> logProbabilities, double score, ChatFinishReason finishReason)
    {
        Contents = contents;
        Tokens = tokens;
        TokenLogProbabilities = logProbabilities;
        Score = score;
        FinishReason = finishReason;
    }

    /// <summary>What the text holds, as on a response: text, reasoning, calls.</summary>
    public IReadOnlyList<AIContent> Contents { get; }

    /// <summary>Its text, without reasoning and calls.</summary>
    public string Text => string.Concat(Contents.OfType<TextContent>().Select(static content => content.Text));

    /// <summary>Its tokens, those of a stop sequence included, without the one that ends a turn.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>The natural logarithm of the probability that the model gives each token, before penalties; one more than <see cref="Tokens"/> where the model ended the text.</summary>
    public IReadOnlyList<double> TokenLogProbabilities { get; }

    /// <summary>The sum of <see cref="TokenLogProbabilities"/>: how probable the model finds the text.</summary>
    public double LogProbability => TokenLogProbabilities.Sum();

    /// <summary>
    /// By which texts are ranked: their log-probability after penalties, over their length to the power of the length penalty. Of a diverse search it includes the diversity penalty.
    /// </summary>
    public double Score { get; }

    /// <summary>How it ended.</summary>
    public ChatFinishReason FinishReason { get; }

    /// <summary><see cref="Text"/>.</summary>
    public override string ToString() => Text;
}
