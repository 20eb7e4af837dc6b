namespace LlamaProvider.Decoding.Strategies.BestOf;

/// <summary>Draws several answers to one prompt at once. Which is the best is its likelihood's to say, or whoever reads <see cref="Results"/>.</summary>
/// <remarks>
/// The prompt is evaluated once; all answers begin from its one output, each with a random stream of its own, and go on in forks. So n answers take one prompt and the batched steps of n
/// requests. After the sequences were taken away, the prompt is evaluated once more, and then, from forks, what each answer has.
/// </remarks>
internal sealed class BestOfStrategy : IDecodingStrategy
{
    private readonly SamplePath[] _paths;
    private readonly List<SamplePath> _live;
    private readonly List<SamplePath> _ended = [];
    private readonly int[] _evaluated;
    private State _state;
    private int _kept;

    /// <param name="answers">The tokens of each answer, at its beginning and for this request only, without forced ones; at least one.</param>
    public BestOfStrategy(IReadOnlyList<AnswerTokens> answers)
    {
        _paths = [.. answers.Select(static (answer, index) => new SamplePath(answer, index))];
        _live = [.. _paths];
        _evaluated = new int[_paths.Length];
    }

    /// <summary>What the sequences hold.</summary>
    private enum State
    {
        /// <summary>Nothing.</summary>
        Empty,

        /// <summary>The prompt, in the sequence of the first live answer, and no answer has been decided by its output.</summary>
        Prompt,

        /// <summary>The same, but the answers had begun before: the output decides nothing.</summary>
        PromptAgain,

        /// <summary>Each live answer, all but its last token.</summary>
        Answers,
    }

    public int MaxSequences => _paths.Length;

    /// <summary>The answers, the most likely first. Complete once the request has ended by itself.</summary>
    public IReadOnlyList<SampledAnswer> Results { get; private set; } = [];

    public void Plan(IStepPlanner step)
    {
        if (_state == State.Empty)
        {
            PlanPrompt(step);
            return;
        }

        if (_state != State.Answers)
        {
            ForkPrompt(step);
        }

        foreach (SamplePath path in _ended)
        {
            step.Trim(path.Sequence, 0);
        }

        _ended.Clear();
        for (int index = 0; index < _live.Count; index++)
        {
            SamplePath path = _live[index];
            path.Output = index;
            step.Evaluate(path.Sequence, path.Tokens[_evaluated[path.Sequence]..], WantedOutputs.Last);
            _evaluated[path.Sequence] = path.Tokens.Length;
        }

        _kept = _live[0].Sequence;
        _state = State.Answers;
    }

    public void Advance(IStepResults results)
    {
        if (_state == State.PromptAgain)
        {
            return;
        }

        for (int index = 0; index < _live.Count; index++)
        {
            _live[index].Advance(results.GetLogits(_live[index].Output));
        }

        for (int index = _live.Count - 1; index >= 0; index--)
        {
            if (_live[index].End is not null)
            {
                _ended.Add(_live[index]);
                _live.RemoveAt(index);
            }
        }

        if (_live.Count == 0)
        {
            Finish(results);
        }
    }

    public void Restart()
    {
        _state = State.Empty;
        _ended.Clear();
    }

    public void Conclude(IStepResults results) => Finish(results);

    /// <summary>One answer's sequence is enough: all begin with the prompt.</summary>
    public bool IsWorthKeeping(int sequence) => sequence == _kept;

    private void PlanPrompt(IStepPlanner step)
    {
        SamplePath first = _live[0];
        _kept = first.Sequence;
        _live.ForEach(static path => path.Output = 0);
        step.Evaluate(first.Sequence, first.Prompt, WantedOutputs.Last);
        Array.Fill(_evaluated, first.Prompt.Length);
        _state = first.Answer.IsEmpty ? State.Prompt : State.PromptAgain;
    }

    /// <summary>The prompt's sequence may be that of an answer of one token that has ended; it is dropped after the forks.</summary>
    private void ForkPrompt(IStepPlanner step)
    {
        foreach (SamplePath path in _live)
        {
            if (path.Sequence != _kept)
            {
                step.Fork(_kept, path.Sequence);
            }
        }
    }

    private void Finish(IStepResults results)
    {
        Results = [.. _paths.Select(static path => path.ToAnswer()).OrderByDescending(static answer => answer.Likelihood)];
        foreach (int token in Results[0].Tokens)
        {
            results.Emit(token);
        }

        results.Finish(Results[0].End);
    }
}
