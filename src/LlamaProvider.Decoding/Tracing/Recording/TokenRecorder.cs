using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Tracing.Recording;

/// <summary>Records how the tokens of one sequence are chosen. It sees what the sampler sees and changes nothing of it. One thread at a time.</summary>
/// <param name="log">Receives the steps.</param>
/// <param name="draw">Of best-of-n: the number of the answer; <see langword="null"/> when one is generated.</param>
internal sealed class TokenRecorder(TraceLog log, int? draw = null)
{
    private readonly CandidateList _model = new();
    private readonly List<TraceStage> _stages = [];
    private CandidateList _before = new();
    private CandidateList _now = new();
    private CandidateList? _legal;
    private string? _constraint;

    public TraceLog Log { get; } = log;

    private int Top => Log.Settings.Top;

    /// <summary>A choice begins.</summary>
    /// <param name="row">The model's logits.</param>
    public void Begin(ReadOnlySpan<float> row)
    {
        _stages.Clear();
        _constraint = null;
        _model.Take(row);
        if (Log.Settings.HasStages)
        {
            _now.Take(row);
        }
    }

    /// <summary>The constraint has told what is legal.</summary>
    /// <param name="constraint">Its name.</param>
    /// <param name="legal">The legal tokens.</param>
    public void Mask(string constraint, in Candidates legal)
    {
        _constraint = constraint;
        (_legal ??= new CandidateList()).Take(legal);
        _now.Take(legal);
    }

    /// <summary>A stage, or the selector at the end, has edited the candidates.</summary>
    public void Pass(string stage, in Candidates candidates)
    {
        if (!Log.Settings.HasStages)
        {
            return;
        }

        (_before, _now) = (_now, _before);
        _now.Take(candidates);
        (int removed, int added, double probability) = _before.CompareWith(_now);
        _stages.Add(new TraceStage { Name = stage, Removed = removed, Added = added, RemovedProbability = probability, After = _now.Describe(Top, Log.Texts) });
    }

    /// <summary>The candidates are what the token is chosen from.</summary>
    public void Shape(string selector, in Candidates candidates)
    {
        Pass(selector, candidates);
        if (!Log.Settings.HasStages)
        {
            _now.Take(candidates);
        }
    }

    /// <summary>The probability with which a token was chosen, or could have been.</summary>
    public double ProbabilityOf(int token) => _now.ProbabilityOf(token);

    /// <summary>The token is chosen.</summary>
    /// <param name="token">The token.</param>
    /// <param name="position">Tokens of the answer before it.</param>
    public void Choose(int token, int position) => Log.Add(new TokenStep
    {
        Evaluation = Log.Evaluation,
        Position = position,
        Token = Log.Texts.Token(token),
        IsEnd = Log.Texts.Vocabulary.IsEndOfGeneration(token),
        Draw = draw,
        Probability = _now.ProbabilityOf(token),
        Rank = _now.RankOf(token),
        LogProbability = _model.LogProbabilityOf(token),
        ModelRank = _model.RankOf(token),
        Final = _stages is [.., { After: var last }] ? last : _now.Describe(Top, Log.Texts),
        Mask = _constraint is null ? null : ToMask(_constraint, _legal!, token),
        Model = Log.Settings.HasStages ? _model.Describe(Top, Log.Texts) : null,
        Stages = Log.Settings.HasStages ? [.. _stages] : null,
    });

    /// <summary>A token is appended that needed no choice.</summary>
    /// <param name="token">The token.</param>
    /// <param name="position">Tokens of the answer before it.</param>
    public void Force(int token, int position) => Log.Add(new ForcedStep { Evaluation = Log.Evaluation, Position = position, Token = Log.Texts.Token(token) });

    private TraceMask ToMask(string constraint, CandidateList legal, int token)
    {
        TraceCandidate favourite = _model.Describe(1, Log.Texts).Top[0];
        return new TraceMask
        {
            Constraint = constraint,
            Allowed = legal.Count,
            AllowedProbability = Math.Min(1, Math.Exp(legal.Normalizer - _model.Normalizer)),
            LogProbability = Math.Min(0, legal.LogProbabilityOf(token)),
            ForbiddenFavourite = legal.RankOf(favourite.Token) > legal.Count ? favourite : null,
            After = Log.Settings.HasStages ? legal.Describe(Top, Log.Texts) : null,
        };
    }
}
