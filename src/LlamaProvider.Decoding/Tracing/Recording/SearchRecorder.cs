using LlamaProvider.Decoding.Sampling.Ranking;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Tracing.Recording;

/// <summary>Records what contrastive search and guidance compare.</summary>
internal static class SearchRecorder
{
    /// <summary>Contrastive search has chosen.</summary>
    public static void Contrast(
        this TraceLog log, int position, double alpha, IReadOnlyList<ProbableToken> candidates, ReadOnlySpan<float> cosines, int winner)
    {
        var compared = new ContrastiveCandidate[candidates.Count];
        for (int index = 0; index < compared.Length; index++)
        {
            (int token, double probability) = candidates[index];
            compared[index] = new ContrastiveCandidate(token, log.Texts[token], probability, cosines[index], ((1 - alpha) * probability) - (alpha * cosines[index]));
        }

        log.Add(new ContrastiveStep
        {
            Evaluation = log.Evaluation,
            Position = position,
            Alpha = alpha,
            Candidates = compared,
            Chosen = winner,
            IsEnd = log.Texts.Vocabulary.IsEndOfGeneration(compared[winner].Token),
        });
    }

    /// <summary>Two rows have become a guided one.</summary>
    public static void Guide(this TraceLog log, int position, double scale, ReadOnlySpan<float> conditional, ReadOnlySpan<float> negative, ReadOnlySpan<float> guided)
    {
        CandidateList[] rows = [Take(conditional), Take(negative), Take(guided)];
        log.Add(new NegativePromptStep
        {
            Evaluation = log.Evaluation,
            Position = position,
            Scale = scale,
            Tokens = [.. rows[2].Describe(log.Settings.Top, log.Texts).Top.Select(best =>
                new GuidedToken(best.Token, best.Text, rows[0].ProbabilityOf(best.Token), rows[1].ProbabilityOf(best.Token), best.Probability))],
        });
    }

    /// <summary>A guide has weighed tokens.</summary>
    /// <param name="log">Receives the step.</param>
    /// <param name="position">Tokens of the answer so far.</param>
    /// <param name="guide">The guide's name.</param>
    /// <param name="strength">How much it counts.</param>
    /// <param name="ranked">The tokens.</param>
    /// <param name="weights">What the guide gave them.</param>
    /// <param name="row">The weighed row.</param>
    public static void Weigh(
        this TraceLog log, int position, string guide, double strength, IReadOnlyList<RankedToken> ranked, ReadOnlySpan<float> weights, ReadOnlySpan<float> row)
    {
        CandidateList after = Take(row);
        double total = ranked.Sum(token => Math.Exp(token.LogProbability - ranked[0].LogProbability));
        var tokens = new WeighedToken[ranked.Count];
        for (int index = 0; index < tokens.Length; index++)
        {
            RankedToken token = ranked[index];
            tokens[index] = new WeighedToken(
                token.Token, log.Texts[token.Token], Math.Exp(token.LogProbability - ranked[0].LogProbability) / total, weights[index], after.ProbabilityOf(token.Token));
        }

        log.Add(new TokenGuideStep { Evaluation = log.Evaluation, Position = position, Guide = guide, Strength = strength, Tokens = tokens });
    }

    private static CandidateList Take(ReadOnlySpan<float> row)
    {
        var list = new CandidateList();
        list.Take(row);
        return list;
    }
}
