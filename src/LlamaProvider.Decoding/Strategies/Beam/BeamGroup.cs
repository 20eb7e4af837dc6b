using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Ranking;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>Texts that compete with each other: all of a plain search, or one group of a diverse one. Knows no engine, only rows of logits.</summary>
/// <remarks>
/// <para>
/// <b>A step</b> (transformers' <c>_beam_search</c>). Every live text y with score s(y) proposes its continuations with s(y) + score(v | y). Of all of them the best max(2, 1 + e)·B are
/// looked at, B being the width and e the number of tokens that end a text, so that B of them go on whatever ends. One that ends its text (by such a token, a stop sequence or the
/// longest length) is finished if it is among the best B; the best B of the others live on. A finished text of n tokens, the end included, scores s / n^p.
/// </para>
/// <para>
/// <b>The end.</b> When as many texts are finished as the group is wide and none that lives can replace the worst of them (<see cref="BeamStopping"/>): the bound on what it can reach
/// is its sum so far over n^p, with n as it is now or, exhaustively and with p &gt; 0, the longest possible. A plain search takes the best live text for it; a diverse one, as transformers'
/// beam scorer, the best continuation of the step, finished or not.
/// </para>
/// <para>
/// <b>Drawn beams.</b> The continuations looked at are drawn without replacement with probability softmax(s(y) + score(v | y)), and then treated in order of their scores.
/// Transformers leaves them in the order of the draws, so that an end counts when it was drawn early; in order of scores it counts when it is good, as without drawing.
/// </para>
/// </remarks>
internal sealed class BeamGroup
{
    private readonly BeamSettings _settings;
    private readonly Vocabulary _vocabulary;
    private readonly NoiseSource? _noise;
    private readonly List<RankedToken> _ranked = [];
    private readonly List<BeamCandidate> _candidates = [];
    private readonly List<BeamCandidate> _goOn = [];
    private readonly Stack<LiveBeam> _unused = [];
    private readonly int[] _children;
    private List<LiveBeam> _live = [];
    private List<LiveBeam> _next = [];
    private BeamRecorder? _recorder;
    private int _number;

    /// <param name="settings">How to search.</param>
    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="root">The text that all begin with.</param>
    /// <param name="noise">Draws the continuations; <see langword="null"/> to take the best.</param>
    public BeamGroup(BeamSettings settings, Vocabulary vocabulary, LiveBeam root, NoiseSource? noise)
    {
        _settings = settings;
        _vocabulary = vocabulary;
        _noise = noise;
        _children = new int[settings.GroupWidth];
        Finished = new FinishedBeams(settings.GroupWidth);
        _live.Add(root);
    }

    /// <summary>Records from now on what becomes of continuations.</summary>
    /// <param name="recorder">Records it.</param>
    /// <param name="number">The group's number.</param>
    public void Record(BeamRecorder recorder, int number) => (_recorder, _number) = (recorder, number);

    /// <summary>The texts that go on, best first; none when the group has ended.</summary>
    public IReadOnlyList<LiveBeam> Live => _live;

    public FinishedBeams Finished { get; }

    private int Looked => Math.Max(2, 1 + _vocabulary.EndOfGeneration.Length) * _settings.GroupWidth;

    /// <summary>Chooses which texts go on, each with its next token.</summary>
    /// <param name="results">The outputs of the live texts.</param>
    /// <param name="chosen">What earlier groups have chosen in this step; the group adds what it chooses.</param>
    public void Advance(IStepResults results, ChosenTokens chosen)
    {
        Propose(results, chosen.Penalties);
        _recorder?.Begin();
        Choose(chosen.Penalties);
        _recorder?.End(_number, _live[0].Answer.Length);
        Tell(chosen);
        Reproduce();
        if (IsOver())
        {
            Clear();
        }
    }

    /// <summary>Ends the texts that still go on where they are, as far as they are good enough.</summary>
    public void Cut(GenerationEnd end)
    {
        foreach (LiveBeam beam in _live)
        {
            double score = beam.Answer.IsEmpty ? 0 : _settings.Score(beam.Score, beam.Answer.Length);
            if (Finished.Takes(score))
            {
                Finished.Add(beam.Cut(score, end));
            }
        }

        Clear();
    }

    private void Propose(IStepResults results, ReadOnlySpan<TokenPenalty> penalties)
    {
        _candidates.Clear();
        for (int parent = 0; parent < _live.Count; parent++)
        {
            LiveBeam beam = _live[parent];
            _ranked.Clear();
            beam.Sampler.Rank(results.GetLogits(beam.Output), Looked, penalties, _noise, _ranked);
            foreach (RankedToken token in _ranked)
            {
                _candidates.Add(new BeamCandidate(
                    parent, token.Token, _vocabulary.IsEndOfGeneration(token.Token), token.LogProbability, beam.Score + token.Score, beam.Score + token.Key));
            }
        }

        _candidates.Sort(BeamCandidate.ByKey);
        _candidates.RemoveRange(Math.Min(Looked, _candidates.Count), Math.Max(0, _candidates.Count - Looked));
        if (_noise is not null)
        {
            _candidates.Sort(BeamCandidate.ByScore);
        }
    }

    /// <summary>Tells which tokens it has chosen: those of the best continuations that the model does not end, even where the text ends by its length.</summary>
    private void Tell(ChosenTokens chosen)
    {
        int told = 0;
        for (int rank = 0; rank < _candidates.Count && told < _settings.GroupWidth; rank++)
        {
            if (!_candidates[rank].IsEnd)
            {
                chosen.Add(_candidates[rank].Token);
                told++;
            }
        }
    }

    private void Choose(ReadOnlySpan<TokenPenalty> penalties)
    {
        _goOn.Clear();
        int length = _live[0].Answer.Length + 1;
        for (int rank = 0; rank < _candidates.Count; rank++)
        {
            BeamCandidate candidate = _candidates[rank];
            GenerationEnd? end = EndOf(candidate, length);
            BeamOutcome outcome = OutcomeOf(candidate, rank, length, end);
            if (_recorder is not null)
            {
                candidate = candidate with { Node = _recorder.Decide(candidate, _live[candidate.Parent].Node, penalties, outcome) };
            }

            if (outcome == BeamOutcome.Kept)
            {
                _goOn.Add(candidate);
            }
            else if (outcome == BeamOutcome.Finished)
            {
                Finished.Add(_live[candidate.Parent].Finish(candidate, _settings.Score(candidate.Score, length), end!));
            }
        }
    }

    private BeamOutcome OutcomeOf(in BeamCandidate candidate, int rank, int length, GenerationEnd? end)
    {
        if (end is null)
        {
            return _goOn.Count < _settings.GroupWidth ? BeamOutcome.Kept : BeamOutcome.Outscored;
        }

        return rank >= _settings.GroupWidth ? BeamOutcome.EndTooUnlikely
            : Finished.Takes(_settings.Score(candidate.Score, length)) ? BeamOutcome.Finished : BeamOutcome.WorseThanFinished;
    }

    private GenerationEnd? EndOf(in BeamCandidate candidate, int length) =>
        candidate.IsEnd ? GenerationEnd.EndOfGeneration :
        _live[candidate.Parent].StopsAfter(candidate.Token) ? GenerationEnd.StopSequence :
        length < (_settings.MaxTokens ?? int.MaxValue) ? null :
        _live[candidate.Parent].Sampler.MustEndAfter(candidate.Token) ? GenerationEnd.EndOfGeneration : GenerationEnd.TokenLimit;

    /// <summary>Makes the chosen continuations the live texts. The last child of a text is the text itself, so only further children are copied.</summary>
    private void Reproduce()
    {
        Array.Clear(_children);
        foreach (BeamCandidate candidate in _goOn)
        {
            _children[candidate.Parent]++;
        }

        foreach (BeamCandidate candidate in _goOn)
        {
            LiveBeam parent = _live[candidate.Parent];
            LiveBeam child = --_children[candidate.Parent] == 0 ? parent : CopyOf(parent);
            _next.Add(child);
        }

        foreach (LiveBeam beam in _live)
        {
            if (!_next.Contains(beam))
            {
                _unused.Push(beam);
            }
        }

        for (int index = 0; index < _next.Count; index++)
        {
            _next[index].Append(_goOn[index]);
        }

        _live.Clear();
        (_live, _next) = (_next, _live);
    }

    private LiveBeam CopyOf(LiveBeam beam)
    {
        if (!_unused.TryPop(out LiveBeam? copy))
        {
            return beam.Fork();
        }

        copy.CopyFrom(beam);
        return copy;
    }

    private bool IsOver()
    {
        if (_live.Count == 0 || !Finished.IsFull)
        {
            return _live.Count == 0;
        }

        int length = _live[0].Answer.Length;
        bool isLongest = _settings is { Stopping: BeamStopping.Exhaustive, LengthPenalty: > 0 };
        double best = _settings.Groups > 1 ? _candidates[0].Score : _live[0].Score;
        return _settings.Stopping == BeamStopping.Early || _settings.Score(best, isLongest ? _settings.LongestText : length) <= Finished.WorstScore;
    }

    private void Clear()
    {
        foreach (LiveBeam beam in _live)
        {
            _unused.Push(beam);
        }

        _live.Clear();
    }
}
