using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>A pipeline bound to a model: what one sequence after the other is sampled with. Immutable and safe for concurrent use.</summary>
internal sealed class BoundPipeline
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
    /// <exception cref="NoCandidateException">There is no candidate, from the start or after a stage.</exception>
    public int Choose(ReadOnlySpan<float> logits, SamplerState state)
    {
        SamplerWorkspace workspace = _workspaces.Rent();
        try
        {
            state.BeginChoice();
            var candidates = new Candidates(logits, workspace);
            Run(ref candidates, state);
            return candidates.TokenAt(_selector.Choose(ref candidates, ref state.Memory));
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

/// <summary>Chooses the tokens of one sequence: a bound pipeline and what it remembers of the sequence. One thread at a time.</summary>
internal sealed class TokenSampler
{
    private readonly BoundPipeline _pipeline;
    private readonly SamplerState _state;

    /// <param name="pipeline">What to do.</param>
    /// <param name="prompt">The tokens that precede the answer.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="rollbackTokens">The most tokens that can be taken back.</param>
    public TokenSampler(BoundPipeline pipeline, ReadOnlySpan<int> prompt, ulong seed, int rollbackTokens = 0)
        : this(pipeline, pipeline.CreateState(prompt, seed, rollbackTokens))
    {
    }

    private TokenSampler(BoundPipeline pipeline, SamplerState state)
    {
        _pipeline = pipeline;
        _state = state;
    }

    public int PromptLength => _state.PromptLength;

    /// <summary>Prompt and answer so far.</summary>
    public ReadOnlySpan<int> Tokens => _state.Tokens;

    /// <summary>Chooses the next token. It belongs to the answer only once it is accepted.</summary>
    /// <exception cref="NoCandidateException">There is no candidate, from the start or after a stage.</exception>
    public int Choose(ReadOnlySpan<float> logits) => _pipeline.Choose(logits, _state);

    /// <summary>Adds a token to the answer: the chosen one, or one that was decided otherwise.</summary>
    public void Accept(int token) => _state.Accept(token);

    /// <inheritdoc cref="SamplerState.Rollback"/>
    public void Rollback(int count) => _state.Rollback(count);

    /// <summary>An independent copy, which goes on with the same random stream.</summary>
    public TokenSampler Fork() => new(_pipeline, _state.Fork());
}
