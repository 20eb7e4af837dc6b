using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>A pipeline bound to a model: what one sequence after the other is sampled with. Immutable and safe for concurrent use.</summary>
internal sealed partial class BoundPipeline
{
    private readonly SamplerStage[] _stages;
    private readonly TokenSelector _selector;
    private readonly Vocabulary _vocabulary;
    private readonly SamplerWorkspacePool _workspaces;

    /// <param name="pipeline">What to do.</param>
    /// <param name="binding">The model and the registered stages.</param>
    /// <param name="workspaces">Lends the buffers.</param>
    /// <exception cref="InvalidSamplerException">The model or the engine does not have what the pipeline names.</exception>
    public BoundPipeline(SamplerPipeline pipeline, SamplerBinding binding, SamplerWorkspacePool workspaces)
    {
        _stages = [.. pipeline.Stages.Select(stage => (SamplerStage)stage.Bind(binding))];
        _selector = (TokenSelector)pipeline.Selector.Bind(binding);
        _vocabulary = binding.Vocabulary;
        _workspaces = workspaces;
    }

    public IReadOnlyList<SamplerStage> Stages => _stages;

    public SamplerState CreateState(ReadOnlySpan<int> prompt, ulong seed, int rollbackTokens)
    {
        var memory = new SelectorMemory { Random = new Xoshiro256(seed) };
        _selector.Start(ref memory);
        return new SamplerState(prompt, Array.ConvertAll(_stages, stage => stage.CreateTracker(_vocabulary)), memory, rollbackTokens);
    }

    /// <summary>Chooses the token that follows a state's tokens; the state does not get it yet.</summary>
    /// <param name="logits">The model's row.</param>
    /// <param name="state">The sequence.</param>
    /// <param name="constraint">
    /// Says which tokens are legal, before any stage sees the others. A token that is the only legal one is chosen whatever the stages say, and takes no random number.
    /// </param>
    /// <exception cref="NoCandidateException">There is no candidate, from the start or after a stage.</exception>
    /// <exception cref="ConstraintInfeasibleException">No token is legal, or none of those that are has a finite logit.</exception>
    public int Choose(ReadOnlySpan<float> logits, SamplerState state, SequenceConstraint? constraint = null)
    {
        SamplerWorkspace workspace = _workspaces.Rent();
        try
        {
            Candidates candidates = FindLegal(logits, state, constraint, workspace);
            return IsCertain(candidates) ? candidates.TokenAt(0) : Choose(candidates, state);
        }
        finally
        {
            _workspaces.Return(workspace);
        }
    }

    /// <summary>Applies the stages and the selector's own shaping: afterwards the candidates' softmax is what the next token is drawn from.</summary>
    public void Run(ref Candidates candidates, SamplerState state)
    {
        RequireAny(candidates, stage: null);
        for (int index = 0; index < _stages.Length; index++)
        {
            _stages[index].Apply(ref candidates, new StageContext(_vocabulary, state, index));
            RequireAny(candidates, _stages[index]);
        }

        _selector.Shape(ref candidates, state.Memory, _vocabulary);
    }

    /// <summary>Whether nothing may follow but the end of the text.</summary>
    public bool MustEnd(SequenceConstraint constraint)
    {
        if (!constraint.Constraint.CanEnd)
        {
            return false;
        }

        SamplerWorkspace workspace = _workspaces.Rent();
        TokenMask mask = workspace.Mask(_vocabulary.Count);
        constraint.Constraint.FillMask(mask);
        int token = mask.Next(0);
        while (token >= 0 && _vocabulary.IsEndOfGeneration(token))
        {
            token = mask.Next(token + 1);
        }

        _workspaces.Return(workspace);
        return token < 0;
    }

    private Candidates FindLegal(ReadOnlySpan<float> logits, SamplerState state, SequenceConstraint? constraint, SamplerWorkspace workspace)
    {
        if (constraint is null)
        {
            return new Candidates(logits, workspace);
        }

        TokenMask mask = workspace.Mask(logits.Length);
        constraint.Constraint.FillMask(mask);
        var candidates = new Candidates(logits, mask, workspace);
        RequireFeasible(candidates, mask, state, constraint);
        return candidates;
    }

    /// <summary>Whether one token only is legal.</summary>
    private static bool IsCertain(in Candidates candidates) => candidates is { Count: 1, IsMasked: true };

    private int Choose(Candidates candidates, SamplerState state)
    {
        state.BeginChoice();
        Run(ref candidates, state);
        return candidates.TokenAt(_selector.Choose(ref candidates, ref state.Memory));
    }

    private void RequireFeasible(in Candidates candidates, TokenMask mask, SamplerState state, SequenceConstraint constraint)
    {
        if (candidates.IsMasked && !candidates.Any)
        {
            string text = _vocabulary.GetText(state.Tokens[state.PromptLength..]);
            throw mask.Count == 0
                ? new ConstraintInfeasibleException(
                    constraint.Name, text, "no token of the vocabulary goes on with a text that it allows. Loosen the constraint, or use a model whose tokens can spell such a text.")
                : new ConstraintInfeasibleException(
                    constraint.Name, text, $"none of the logits of the {mask.Count} legal tokens is finite. Check the model file and its numeric formats.");
        }
    }

    private static void RequireAny(in Candidates candidates, SamplerStage? stage)
    {
        if (!candidates.Any)
        {
            throw stage is null
                ? new NoCandidateException(
                    $"None of the {candidates.Count} logits is finite, so there is no token to choose. Check the model file and its numeric formats.")
                : new NoCandidateException($"The sampler stage '{stage.Label}' left no token to choose from. Loosen it, or leave it out.", stage.Label);
        }
    }
}

/// <summary>Chooses the tokens of one sequence: a bound pipeline, what it remembers of the sequence, and the sequence's constraint. One thread at a time.</summary>
internal sealed partial class TokenSampler
{
    private readonly BoundPipeline _pipeline;
    private readonly SamplerState _state;
    private SequenceConstraint? _constraint;

    /// <param name="pipeline">What to do.</param>
    /// <param name="prompt">The tokens that precede the answer.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="rollbackTokens">The most tokens that can be taken back.</param>
    /// <param name="constraint">Which answers are legal, at its beginning; <see langword="null"/> for any.</param>
    public TokenSampler(BoundPipeline pipeline, ReadOnlySpan<int> prompt, ulong seed, int rollbackTokens = 0, SequenceConstraint? constraint = null)
        : this(pipeline, pipeline.CreateState(prompt, seed, rollbackTokens), constraint)
    {
    }

    private TokenSampler(BoundPipeline pipeline, SamplerState state, SequenceConstraint? constraint)
    {
        _pipeline = pipeline;
        _state = state;
        _constraint = constraint;
    }

    public int PromptLength => _state.PromptLength;

    /// <summary>Whether the constraint lets nothing follow but the end, so that the model need not be asked for it.</summary>
    public bool MustEnd => _constraint is not null && _pipeline.MustEnd(_constraint);

    /// <summary>Prompt and answer so far.</summary>
    public ReadOnlySpan<int> Tokens => _state.Tokens;

    /// <summary>Chooses the next token. It belongs to the answer only once it is accepted.</summary>
    /// <exception cref="NoCandidateException">There is no candidate, from the start or after a stage.</exception>
    /// <exception cref="ConstraintInfeasibleException">No token is legal, or none of those that are has a finite logit.</exception>
    public int Choose(ReadOnlySpan<float> logits) => Recorder is null ? _pipeline.Choose(logits, _state, _constraint) : ChooseRecorded(logits, Recorder);

    /// <summary>Appends the tokens that the constraint leaves no choice about. They belong to the answer only once they are accepted.</summary>
    public void ReadForced(JumpForward jump, List<int> destination)
    {
        if (_constraint is { } constraint)
        {
            jump.Read(constraint.Constraint, Tokens, destination);
        }
    }

    /// <summary>Adds a token to the answer: the chosen one, or one that was decided otherwise.</summary>
    /// <exception cref="ArgumentException">The constraint forbids it; nothing has changed.</exception>
    public void Accept(int token)
    {
        if (_constraint is { } constraint && !constraint.Constraint.Accept(token))
        {
            throw new ArgumentException($"Token {token} is not legal under {constraint.Name}. Accept tokens of its mask only.", nameof(token));
        }

        _state.Accept(token);
    }

    /// <inheritdoc cref="SamplerState.Rollback"/>
    public void Rollback(int count)
    {
        _state.Rollback(count);
        _constraint?.Constraint.Rollback(count);
    }

    /// <summary>An independent copy, which goes on with the same random stream and from the same place of the constraint.</summary>
    public TokenSampler Fork() => new(_pipeline, _state.Fork(), _constraint?.Fork());

    /// <summary>An independent copy with a random stream of its own, from the same place of the constraint.</summary>
    public TokenSampler ForkWithSeed(ulong seed)
    {
        TokenSampler copy = Fork();
        copy._state.Memory.Random = new Xoshiro256(seed);
        return copy;
    }

    /// <summary>Becomes what <see cref="Fork"/> of another sequence of the same pipeline would give, in the memory that it has.</summary>
    public void CopyFrom(TokenSampler other)
    {
        _state.CopyFrom(other._state);
        _constraint = other._constraint?.Fork();
    }
}
