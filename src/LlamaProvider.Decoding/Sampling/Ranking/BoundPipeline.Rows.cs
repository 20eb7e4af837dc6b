using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Sampling.Ranking;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>What strategies that change a row before it is sampled ask of it.</summary>
internal sealed partial class BoundPipeline
{
    /// <summary>ln Σ exp(logit) over a whole row: what is taken from a logit to make it a log-probability.</summary>
    public double Normalizer(ReadOnlySpan<float> logits)
    {
        SamplerWorkspace workspace = _workspaces.Rent();
        double normalizer = Normalizer(logits, workspace);
        _workspaces.Return(workspace);
        return normalizer;
    }

    /// <summary>Appends the legal tokens with the largest logits, in ascending order of tokens, before any stage sees them. Their scores are their logits.</summary>
    /// <param name="logits">A row.</param>
    /// <param name="state">The sequence.</param>
    /// <param name="constraint">Says which tokens are legal.</param>
    /// <param name="count">How many, at least 1; fewer when there are no more.</param>
    /// <param name="destination">Receives them.</param>
    /// <exception cref="ConstraintInfeasibleException">No token is legal, or none of those that are has a finite logit.</exception>
    public void RankLegal(ReadOnlySpan<float> logits, SamplerState state, SequenceConstraint? constraint, int count, List<RankedToken> destination)
    {
        SamplerWorkspace workspace = _workspaces.Rent();
        try
        {
            double normalizer = Normalizer(logits, workspace);
            Candidates candidates = FindLegal(logits, state, constraint, workspace);
            RequireAny(candidates, stage: null);
            foreach (int index in TopSelection.Select(candidates.Logits, count, workspace))
            {
                float logit = candidates.Logits[index];
                destination.Add(new RankedToken(candidates.TokenAt(index), logit - normalizer, logit, logit));
            }
        }
        finally
        {
            _workspaces.Return(workspace);
        }
    }
}

/// <summary>The same for one sequence.</summary>
internal sealed partial class TokenSampler
{
    /// <inheritdoc cref="BoundPipeline.Normalizer(ReadOnlySpan{float})"/>
    public double Normalizer(ReadOnlySpan<float> logits) => _pipeline.Normalizer(logits);

    /// <inheritdoc cref="BoundPipeline.RankLegal"/>
    public void RankLegal(ReadOnlySpan<float> logits, int count, List<RankedToken> destination) => _pipeline.RankLegal(logits, _state, _constraint, count, destination);
}
