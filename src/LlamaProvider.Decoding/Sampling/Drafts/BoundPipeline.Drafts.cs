using LlamaProvider.Decoding.Sampling.Drafts;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.Decoding.Constraints;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>Drafts: the same pipeline draws them from a draft model's rows and verifies them with the model's.</summary>
internal sealed partial class BoundPipeline
{
    /// <summary>Draws a token that may follow a state's tokens.</summary>
    /// <param name="logits">The draft model's row.</param>
    /// <param name="state">The sequence; as it was afterwards, its random source too.</param>
    /// <param name="constraint">Says which tokens are legal.</param>
    /// <param name="random">
    /// The draft's own random source. With the sequence's own, the draw and its verification would see the same numbers, and what is accepted would be distributed otherwise.
    /// </param>
    /// <param name="minConfidence">Nothing is drawn where the most probable token has less probability.</param>
    /// <param name="distribution">Receives what the token was drawn from.</param>
    /// <returns>The token; <see langword="null"/> when none is probable enough.</returns>
    public int? Draft(
        ReadOnlySpan<float> logits, SamplerState state, SequenceConstraint? constraint, ref Xoshiro256 random, double minConfidence, DraftDistribution distribution)
    {
        SamplerWorkspace workspace = _workspaces.Rent();
        SelectorMemory before = state.Memory;
        state.Memory.Random = random;
        try
        {
            Candidates candidates = FindLegal(logits, state, constraint, workspace);
            if (!IsCertain(candidates))
            {
                Run(ref candidates, state);
            }

            // The heaviest weight is 1. Whether to draw hangs on the distribution alone, never on the token drawn, or what is drawn would be distributed otherwise.
            double total = candidates.Weigh(out ReadOnlySpan<float> weights);
            if (1 / total < minConfidence)
            {
                return null;
            }

            distribution.Set(candidates, weights, total);
            return candidates.TokenAt(candidates.Draw(total, ref state.Memory.Random));
        }
        finally
        {
            random = state.Memory.Random;
            state.Memory = before;
            _workspaces.Return(workspace);
        }
    }

    /// <summary>Chooses the token that follows a state's tokens, with a drafted one as first offer; the state does not get it yet. It is distributed as without the draft.</summary>
    /// <param name="logits">The model's row.</param>
    /// <param name="state">The sequence.</param>
    /// <param name="constraint">Says which tokens are legal.</param>
    /// <param name="drafted">The drafted token.</param>
    /// <param name="distribution">What it was drawn from.</param>
    /// <returns>The token: the drafted one where it is accepted.</returns>
    public int Verify(ReadOnlySpan<float> logits, SamplerState state, SequenceConstraint? constraint, int drafted, DraftDistribution distribution)
    {
        SamplerWorkspace workspace = _workspaces.Rent();
        try
        {
            Candidates candidates = FindLegal(logits, state, constraint, workspace);
            if (IsCertain(candidates))
            {
                return candidates.TokenAt(0);
            }

            state.BeginChoice();
            Run(ref candidates, state);
            double total = candidates.Weigh(out ReadOnlySpan<float> weights);
            int index = candidates.IndexOf(drafted);
            double p = index >= 0 ? weights[index] / total : 0;
            if (state.Memory.Random.NextDouble() >= RejectionSampling.Acceptance(p, distribution[drafted]))
            {
                index = DrawResidual(ref candidates, total, distribution, ref state.Memory.Random);
                p = Math.Exp(candidates.Logits[index] - candidates.Largest) / total;
            }

            _selector.Learn(ref state.Memory, candidates, index, p);
            return candidates.TokenAt(index);
        }
        finally
        {
            _workspaces.Return(workspace);
        }
    }

    private static int DrawResidual(ref Candidates candidates, double total, DraftDistribution distribution, ref Xoshiro256 random)
    {
        Span<float> weights = candidates.Workspace.Weights(candidates.Count);
        Span<double> blocks = candidates.Workspace.BlockSums(Softmax.BlockCount(candidates.Count));
        double residual = RejectionSampling.ToResidual(candidates.Tokens, weights, total, distribution, blocks);
        return candidates.Draw(residual, ref random);
    }
}

/// <summary>Drafts of one sequence.</summary>
internal sealed partial class TokenSampler
{
    /// <summary>Draws a token that may follow. The sequence stays as it is; <see cref="Accept"/> it to draft the next one, and <see cref="Rollback"/> all of them at the end.</summary>
    /// <inheritdoc cref="BoundPipeline.Draft"/>
    public int? Draft(ReadOnlySpan<float> logits, ref Xoshiro256 random, double minConfidence, DraftDistribution distribution) =>
        _pipeline.Draft(logits, _state, _constraint, ref random, minConfidence, distribution);

    /// <inheritdoc cref="BoundPipeline.Verify"/>
    /// <param name="logits">The model's row.</param>
    /// <param name="drafted">The drafted token.</param>
    /// <param name="distribution">What it was drawn from; <see langword="null"/> when it was certain.</param>
    public int Verify(ReadOnlySpan<float> logits, int drafted, DraftDistribution? distribution) =>
        distribution is null or { IsCertain: true } ? Choose(logits) :
        Recorder is null ? _pipeline.Verify(logits, _state, _constraint, drafted, distribution) : VerifyRecorded(logits, drafted, distribution, Recorder);

    /// <summary>How many of some tokens could follow one after the other under the constraint.</summary>
    public int CountLegal(ReadOnlySpan<int> tokens)
    {
        if (_constraint is not { Constraint: var constraint })
        {
            return tokens.Length;
        }

        int legal = 0;
        while (legal < tokens.Length && constraint.Accept(tokens[legal]))
        {
            legal++;
        }

        constraint.Rollback(legal);
        return legal;
    }
}
