using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Sampling.Drafts;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>Tracing: the stages run once more beforehand, before a recorder's eyes.</summary>
/// <remarks>
/// Stages are functions of their arguments, and what they draw from is put back afterwards. So the token is then chosen by the code that chooses it untraced, from the same numbers, and no part of that code
/// knows of tracing.
/// </remarks>
internal sealed partial class BoundPipeline
{
    /// <summary>Shows a recorder what the next token will be chosen from. The state stays as it is.</summary>
    /// <exception cref="NoCandidateException">As choosing would.</exception>
    /// <exception cref="ConstraintInfeasibleException">As choosing would.</exception>
    public void Observe(ReadOnlySpan<float> logits, SamplerState state, SequenceConstraint? constraint, TokenRecorder recorder)
    {
        SamplerWorkspace workspace = _workspaces.Rent();
        SelectorMemory before = state.Memory;
        try
        {
            recorder.Begin(logits);
            Candidates candidates = FindLegal(logits, state, constraint, workspace);
            if (constraint is not null)
            {
                recorder.Mask(constraint.Name, candidates);
            }

            if (!IsCertain(candidates))
            {
                Observe(ref candidates, state, recorder);
            }
        }
        finally
        {
            state.Memory = before;
            _workspaces.Return(workspace);
        }
    }

    private void Observe(ref Candidates candidates, SamplerState state, TokenRecorder recorder)
    {
        RequireAny(candidates, stage: null);
        for (int index = 0; index < _stages.Length; index++)
        {
            _stages[index].Apply(ref candidates, new StageContext(_vocabulary, state, index));
            RequireAny(candidates, _stages[index]);
            recorder.Pass(_stages[index].Label, candidates);
        }

        _selector.Shape(ref candidates, state.Memory, _vocabulary);
        recorder.Shape(_selector.Name, candidates);
    }
}

/// <summary>Tracing of one sequence.</summary>
internal sealed partial class TokenSampler
{
    /// <summary>Records how tokens are chosen; <see langword="null"/> when nothing is traced. A fork has none.</summary>
    public TokenRecorder? Recorder { get; set; }

    /// <summary>How many tokens the answer has.</summary>
    private int Position => _state.Tokens.Length - _state.PromptLength;

    private int ChooseRecorded(ReadOnlySpan<float> logits, TokenRecorder recorder)
    {
        _pipeline.Observe(logits, _state, _constraint, recorder);
        int token = _pipeline.Choose(logits, _state, _constraint);
        recorder.Choose(token, Position);
        return token;
    }

    private int VerifyRecorded(ReadOnlySpan<float> logits, int drafted, DraftDistribution distribution, TokenRecorder recorder)
    {
        _pipeline.Observe(logits, _state, _constraint, recorder);
        int token = _pipeline.Verify(logits, _state, _constraint, drafted, distribution);
        recorder.Choose(token, Position);
        return token;
    }
}
