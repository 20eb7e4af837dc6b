using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.Selectors;

namespace LlamaProvider.Benchmarks.Sampling;

/// <summary>Both sides must do the same work, or the comparison says nothing.</summary>
internal static class Agreement
{
    /// <summary>How far the probability of a token may be off.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>
    /// How much probability the tokens may have that one side alone keeps. llama.cpp adds a row's exponentials up in single precision, which loses the noise beside
    /// the peaks, so at the border of a truncation it keeps a token less now and then.
    /// </summary>
    private const double Border = 5e-3;

    /// <summary>Compares the distributions that both sides draw from, on every row; where there is no draw, the chosen tokens.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public static void Check(SamplerFigure figure, Workload workload)
    {
        for (int step = 0; step < LogitRows.Count; step++)
        {
            ReadOnlySpan<float> logits = (figure.IsFlat ? workload.Flat : workload.LikeModel)[step];
            double[] ours = Ours(figure.Ours, workload, logits, step);
            double[] peer = Peer(figure, workload, logits, step);
            double onlyOurs = KeepCommon(ours, peer, out double[] oursCommon);
            double onlyPeer = KeepCommon(peer, ours, out double[] peerCommon);
            (double difference, int token) = LargestDifference(oursCommon, peerCommon);
            if (difference > Tolerance || onlyOurs > Border || onlyPeer > Border)
            {
                throw new InvalidOperationException(
                    $"'{figure.Name}' with {workload.Vocabulary.Count} tokens, row {step}: token {token} has probability {ours[token]:0.000000} here and " +
                    $"{peer[token]:0.000000} in llama.cpp; {ours.Count(p => p > 0)} and {peer.Count(p => p > 0)} tokens are left, of which one side alone keeps " +
                    $"{onlyOurs:0.000000} and {onlyPeer:0.000000} of the probability. They must do the same to be compared.");
            }
        }

        if (figure.Without is not null && !Enumerable.Range(0, Workload.HistoryLength).Any(step => HasEffect(figure.Ours, figure.Without, workload, step)))
        {
            throw new InvalidOperationException(
                $"'{figure.Name}' with {workload.Vocabulary.Count} tokens gives the same as the default chain at every step, so it measures nothing of its own.");
        }
    }

    /// <summary>The distribution over the tokens that the other side has too, and how much probability the rest had.</summary>
    private static double KeepCommon(double[] own, double[] other, out double[] common)
    {
        double total = own.Where((_, token) => other[token] > 0).Sum();
        common = [.. own.Select((p, token) => other[token] > 0 ? p / total : 0)];
        return 1 - total;
    }

    private static bool HasEffect(SamplerPipeline with, SamplerPipeline without, Workload workload, int step)
    {
        ReadOnlySpan<float> logits = workload.LikeModel[step];
        return LargestDifference(Ours(with, workload, logits, step), Ours(without, workload, logits, step)).Difference > Tolerance;
    }

    private static double[] Ours(SamplerPipeline pipeline, Workload workload, ReadOnlySpan<float> logits, int step)
    {
        var bound = new BoundPipeline(pipeline, new SamplerBinding(workload.Vocabulary), new SamplerWorkspacePool());
        var candidates = new Candidates(logits, new SamplerWorkspace());
        bound.Run(ref candidates, bound.CreateState(workload.History(step), seed: 1, rollbackTokens: 0));
        double total = candidates.Weigh(out ReadOnlySpan<float> weights);
        double[] probabilities = new double[logits.Length];
        for (int index = 0; index < weights.Length; index++)
        {
            probabilities[candidates.TokenAt(index)] = weights[index] / total;
        }

        return probabilities;
    }

    private static double[] Peer(SamplerFigure figure, Workload workload, ReadOnlySpan<float> logits, int step)
    {
        using var chain = new SamplerChain(logits.Length);
        figure.AddTo(chain);
        foreach (int token in workload.History(step))
        {
            chain.Accept(token);
        }

        if (figure.Ours.Selector is not GreedySelector)
        {
            return chain.Distribution(logits);
        }

        double[] probabilities = new double[logits.Length];
        probabilities[chain.Choose(logits)] = 1;
        return probabilities;
    }

    private static (double Difference, int Token) LargestDifference(double[] first, double[] second)
    {
        double[] differences = [.. first.Zip(second, (a, b) => Math.Abs(a - b))];
        double largest = differences.Max();
        return (largest, Array.IndexOf(differences, largest));
    }
}
