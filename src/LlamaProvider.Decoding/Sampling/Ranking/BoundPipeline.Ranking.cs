using System.Numerics;
using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Sampling.Ranking;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>Ranking: the tokens that may follow by their log-probabilities, for searches that keep several.</summary>
/// <remarks>
/// As transformers' beam search does it: the model's row becomes log-probabilities over the whole vocabulary, then what is illegal falls out and penalties and stages apply, and
/// what they leave is not normalised again. So a score is what the model says of a text, whatever constraint it was found under.
/// <para>
/// Drawing k tokens without replacement is ranking too: with independent Gumbel noise −ln(−ln u) on each score, the k highest are distributed as k draws of softmax(score) without
/// replacement (Kool et al. 2019, "Stochastic Beams and Where to Find Them"), and the noise may be drawn row by row.
/// </para>
/// </remarks>
internal sealed partial class BoundPipeline
{
    /// <summary>Appends the best tokens that may follow a state's tokens, in ascending order of tokens.</summary>
    /// <param name="logits">The model's row.</param>
    /// <param name="state">The sequence.</param>
    /// <param name="constraint">Says which tokens are legal.</param>
    /// <param name="count">How many, at least 1; fewer when there are no more.</param>
    /// <param name="penalties">What is taken from scores first.</param>
    /// <param name="noise">Draws the tokens instead of ranking them by score; <see langword="null"/> to rank.</param>
    /// <param name="destination">Receives them.</param>
    /// <exception cref="NoCandidateException">There is no candidate, from the start or after a stage.</exception>
    /// <exception cref="ConstraintInfeasibleException">No token is legal, or none of those that are has a finite logit.</exception>
    public void Rank(
        ReadOnlySpan<float> logits, SamplerState state, SequenceConstraint? constraint, int count, ReadOnlySpan<TokenPenalty> penalties, NoiseSource? noise, List<RankedToken> destination)
    {
        SamplerWorkspace workspace = _workspaces.Rent();
        try
        {
            double normalizer = Normalizer(logits, workspace);
            Candidates candidates = FindLegal(logits, state, constraint, workspace);
            RequireAny(candidates, stage: null);
            bool isPlain = _stages.Length == 0 && penalties.IsEmpty && noise is null;
            if (!isPlain)
            {
                Shift(candidates.EditLogits(), (float)normalizer);
                Shape(ref candidates, state, penalties);
            }

            ReadOnlySpan<float> scores = candidates.Logits;
            ReadOnlySpan<float> keys = noise is null ? scores : noise.AddTo(scores, workspace.Keys(candidates.Count));
            foreach (int index in TopSelection.Select(keys, count, workspace))
            {
                int token = candidates.TokenAt(index);
                double logProbability = logits[token] - normalizer;
                double score = isPlain ? logProbability : scores[index];
                destination.Add(new RankedToken(token, logProbability, score, noise is null ? score : keys[index]));
            }
        }
        finally
        {
            _workspaces.Return(workspace);
        }
    }

    /// <summary>Appends the most probable tokens that may follow a state's tokens, in ascending order of tokens, with their probabilities after constraint and stages.</summary>
    /// <param name="logits">The model's row.</param>
    /// <param name="state">The sequence.</param>
    /// <param name="constraint">Says which tokens are legal.</param>
    /// <param name="count">How many, at least 1; fewer when there are no more.</param>
    /// <param name="destination">Receives them.</param>
    /// <exception cref="NoCandidateException">There is no candidate, from the start or after a stage.</exception>
    /// <exception cref="ConstraintInfeasibleException">No token is legal, or none of those that are has a finite logit.</exception>
    public void RankProbable(ReadOnlySpan<float> logits, SamplerState state, SequenceConstraint? constraint, int count, List<ProbableToken> destination)
    {
        SamplerWorkspace workspace = _workspaces.Rent();
        try
        {
            Candidates candidates = FindLegal(logits, state, constraint, workspace);
            RequireAny(candidates, stage: null);
            Shape(ref candidates, state, []);
            double total = candidates.Weigh(out _);
            float largest = candidates.Largest;
            foreach (int index in TopSelection.Select(candidates.Logits, count, workspace))
            {
                destination.Add(new ProbableToken(candidates.TokenAt(index), Math.Exp(candidates.Logits[index] - largest) / total));
            }
        }
        finally
        {
            _workspaces.Return(workspace);
        }
    }

    private void Shape(ref Candidates candidates, SamplerState state, ReadOnlySpan<TokenPenalty> penalties)
    {
        foreach (TokenPenalty penalty in penalties)
        {
            if (candidates.IndexOf(penalty.Token) is >= 0 and int index)
            {
                candidates.EditLogits()[index] -= penalty.Amount;
            }
        }

        for (int index = 0; index < _stages.Length; index++)
        {
            _stages[index].Apply(ref candidates, new StageContext(_vocabulary, state, index));
            RequireAny(candidates, _stages[index]);
        }
    }

    /// <summary>ln Σ exp(logit) over the whole row.</summary>
    private static double Normalizer(ReadOnlySpan<float> logits, SamplerWorkspace workspace)
    {
        int best = LogitScan.IndexOfMax(logits);
        if (best < 0)
        {
            return 0;
        }

        double total = Softmax.Weigh(logits, logits[best], workspace.Weights(logits.Length), workspace.BlockSums(Softmax.BlockCount(logits.Length)));
        return logits[best] + Math.Log(total);
    }

    private static void Shift(Span<float> scores, float amount)
    {
        var shift = new Vector<float>(amount);
        Span<Vector<float>> lanes = MemoryMarshal.Cast<float, Vector<float>>(scores);
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] -= shift;
        }

        for (int index = lanes.Length * Vector<float>.Count; index < scores.Length; index++)
        {
            scores[index] -= amount;
        }
    }
}

/// <summary>Ranking for one sequence.</summary>
internal sealed partial class TokenSampler
{
    /// <summary>Appends the best tokens that may follow.</summary>
    /// <inheritdoc cref="BoundPipeline.Rank"/>
    public void Rank(ReadOnlySpan<float> logits, int count, ReadOnlySpan<TokenPenalty> penalties, NoiseSource? noise, List<RankedToken> destination) =>
        _pipeline.Rank(logits, _state, _constraint, count, penalties, noise, destination);

    /// <summary>Appends the most probable tokens that may follow.</summary>
    /// <inheritdoc cref="BoundPipeline.RankProbable"/>
    public void RankProbable(ReadOnlySpan<float> logits, int count, List<ProbableToken> destination) => _pipeline.RankProbable(logits, _state, _constraint, count, destination);

    /// <summary>Whether nothing may follow a token that may follow, but the end.</summary>
    public bool MustEndAfter(int token)
    {
        if (_constraint is not { Constraint: var constraint } || !constraint.Accept(token))
        {
            return false;
        }

        bool mustEnd = MustEnd;
        constraint.Rollback(1);
        return mustEnd;
    }
}
