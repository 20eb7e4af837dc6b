using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Ranking;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Decoding.Strategies.Contrastive;

/// <summary>Contrastive search (Su et al. 2022): one token a step, probable and unlike what the text holds.</summary>
/// <remarks>
/// <para>
/// <b>The rule.</b> Of V, the k most probable tokens after the text x, it takes argmax over v ∈ V of (1 − α) · p(v | x) − α · max over j of cos(h_v, h_j). h_j are the hidden states of all
/// tokens of the text, the prompt's included, and h_v is the one that v would have, all after the model's final norm. p is the distribution after constraint and stages, as
/// transformers takes it after its processors.
/// </para>
/// <para>
/// <b>A step.</b> The k continuations are evaluated in forks of the text, in one batch. The one that wins is the text from then on, and its logits, which came out of the same
/// evaluation, give the next k; so there is one evaluation a token. The others' forks become forks of the winner.
/// </para>
/// <para>
/// <b>The prompt.</b> All of its hidden states are needed, and all outputs of a step come from one evaluation, so it is evaluated in chunks of half of what a step with hidden states may
/// have. A kept prefix has no hidden states, so none is used. After the sequences were taken away the text is evaluated without them, since they are known.
/// </para>
/// </remarks>
internal sealed class ContrastiveSearchStrategy : IDecodingStrategy
{
    private readonly int _topK;
    private readonly double _alpha;
    private readonly AnswerTokens _answer;
    private readonly HiddenStateHistory _history;
    private readonly int _hiddenSize;
    private readonly int _chunk;
    private readonly List<ProbableToken> _candidates = [];
    private readonly float[] _states;
    private readonly float[] _cosines;
    private int _read;
    private int _text;
    private bool _isEmpty = true;
    private bool _isRebuilding;

    /// <param name="options">How to search, checked.</param>
    /// <param name="answer">The tokens of the answer, for this request only, without forced ones. Their selector is not asked.</param>
    /// <param name="hiddenSize">Values in a hidden state.</param>
    /// <param name="limits">The sizes of the context.</param>
    public ContrastiveSearchStrategy(ContrastiveSearchOptions options, AnswerTokens answer, int hiddenSize, ContextLimits limits)
    {
        (_topK, _alpha) = (options.TopK, options.Alpha);
        _answer = answer;
        _hiddenSize = hiddenSize;
        _history = new HiddenStateHistory(hiddenSize);
        _chunk = Math.Max(1, limits.HiddenStateTokens / 2);
        _states = new float[_topK * hiddenSize];
        _cosines = new float[_topK];
    }

    public int MaxSequences => _topK;

    public bool NeedsHiddenStates => true;

    public void Plan(IStepPlanner step)
    {
        _isRebuilding = _isEmpty && _candidates.Count > 0;
        if (_isRebuilding)
        {
            step.Evaluate(0, _answer.Sampler.Tokens, WantedOutputs.Last);
        }
        else if (_candidates.Count == 0)
        {
            ReadOnlySpan<int> rest = _answer.Sampler.Tokens[_read..];
            int count = Math.Min(_chunk, rest.Length);
            step.Evaluate(0, rest[..count], WantedOutputs.All);
            _read += count;
        }
        else
        {
            PlanCandidates(step);
        }

        _isEmpty = false;
    }

    public void Advance(IStepResults results)
    {
        if (_isRebuilding)
        {
            return;
        }

        if (_candidates.Count > 0)
        {
            Choose(results);
        }
        else
        {
            ReadPrompt(results);
        }
    }

    public void Restart()
    {
        (_isEmpty, _text) = (true, 0);
        if (_candidates.Count == 0)
        {
            _history.Clear();
            _read = 0;
        }
    }

    /// <summary>The text is a likelier beginning than its alternatives.</summary>
    public bool IsWorthKeeping(int sequence) => sequence == _text;

    public void Release() => _history.Clear();

    private void PlanCandidates(IStepPlanner step)
    {
        for (int index = 1; index < _topK; index++)
        {
            if (index < _candidates.Count)
            {
                step.Fork(_text, SequenceOf(index));
            }
            else
            {
                step.Trim(SequenceOf(index), 0);
            }
        }

        for (int index = 0; index < _candidates.Count; index++)
        {
            step.Evaluate(SequenceOf(index), [_candidates[index].Token], WantedOutputs.Last);
        }
    }

    /// <summary>The first candidate goes on in the text's own sequence, the others in the remaining ones.</summary>
    private int SequenceOf(int candidate) => candidate == 0 ? _text : candidate <= _text ? candidate - 1 : candidate;

    private void ReadPrompt(IStepResults results)
    {
        int outputs = _read - _history.Count;
        for (int output = 0; output < outputs; output++)
        {
            _history.Add(results.GetHiddenState(output));
        }

        if (_read == _answer.Sampler.Tokens.Length)
        {
            _answer.Sampler.RankProbable(results.GetLogits(outputs - 1), _topK, _candidates);
        }
    }

    private void Choose(IStepResults results)
    {
        int winner = FindWinner(results);
        _answer.Sampler.Recorder?.Log.Contrast(_answer.Sampler.Tokens.Length - _answer.Sampler.PromptLength, _alpha, _candidates, _cosines, winner);
        int token = _candidates[winner].Token;
        _text = SequenceOf(winner);
        _history.Add(_states.AsSpan(winner * _hiddenSize, _hiddenSize));
        _candidates.Clear();
        if (_answer.Take(token, results))
        {
            _answer.Sampler.RankProbable(results.GetLogits(winner), _topK, _candidates);
        }
    }

    /// <summary>Of equal ones the more probable token wins, then the lower one.</summary>
    private int FindWinner(IStepResults results)
    {
        for (int index = 0; index < _candidates.Count; index++)
        {
            HiddenStateHistory.Normalize(results.GetHiddenState(index), _states.AsSpan(index * _hiddenSize, _hiddenSize));
        }

        _history.FindLargestCosines(_states, _cosines.AsSpan(0, _candidates.Count));
        int winner = 0;
        (double Score, double Probability) best = (double.NegativeInfinity, 0);
        for (int index = 0; index < _candidates.Count; index++)
        {
            double probability = _candidates[index].Probability;
            (double Score, double Probability) own = (((1 - _alpha) * probability) - (_alpha * _cosines[index]), probability);
            if (own.CompareTo(best) > 0)
            {
                (winner, best) = (index, own);
            }
        }

        return winner;
    }
}
