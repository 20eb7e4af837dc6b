using System.Text.Json;
using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Visualization.Tests;

/// <summary>Small traces whose numbers are known.</summary>
internal static class FigureTraces
{
    public static TraceDistribution Model { get; } = Distribution(4096, 0.05, new(3, "\n", 0.4), new(7, " Paris", 0.3), new(9, " <Rome> & \"co\"", 0.2), new(11, "\u0001", 0.05));

    public static TokenStep Chosen { get; } = new()
    {
        Evaluation = 1,
        Position = 2,
        Token = new(7, " Paris"),
        IsEnd = false,
        Probability = 0.6,
        Rank = 1,
        LogProbability = Math.Log(0.3),
        ModelRank = 2,
        Final = Distribution(2, 0, new(7, " Paris", 0.6), new(9, " <Rome> & \"co\"", 0.4)),
        Mask = new TraceMask
        {
            Constraint = "llama.regex",
            Allowed = 3,
            AllowedProbability = 0.55,
            LogProbability = Math.Log(0.3 / 0.55),
            ForbiddenFavourite = new(3, "\n", 0.4),
            After = Distribution(3, 0, new(7, " Paris", 0.55), new(9, " <Rome> & \"co\"", 0.36), new(11, "\u0001", 0.09)),
        },
        Model = Model,
        Stages =
        [
            new TraceStage { Name = "top_k", Removed = 1, Added = 0, RemovedProbability = 0.09, After = Distribution(2, 0, new(7, " Paris", 0.6), new(9, " <Rome> & \"co\"", 0.4)) },
            new TraceStage { Name = "categorical", Removed = 0, Added = 0, RemovedProbability = 0, After = Distribution(2, 0, new(7, " Paris", 0.6), new(9, " <Rome> & \"co\"", 0.4)) },
        ],
    };

    public static ForcedStep Forced { get; } = new() { Evaluation = 1, Position = 3, Token = new(4, "\",") };

    public static DraftStep Draft { get; } = new()
    {
        Evaluation = 2,
        Position = 4,
        Drafter = "draft",
        Reason = DraftLengthReason.Fastest,
        Limit = 8,
        Tokens = [new(1, "a", 0.5, 0.9, DraftOutcome.Accepted), new(2, "b", 0.8, 0.1, DraftOutcome.Rejected), new(3, "c", 1, null, DraftOutcome.NotReached)],
        Correction = new(5, "e"),
    };

    public static DraftStep FullDraft { get; } = new()
    {
        Evaluation = 3,
        Position = 6,
        Drafter = "prompt_lookup",
        Reason = DraftLengthReason.Probe,
        Limit = 1,
        Tokens = [new(6, "f", 1, 0.7, DraftOutcome.Accepted)],
        Bonus = new(8, "g"),
    };

    public static IReadOnlyList<TraceStep> Beams { get; } =
    [
        Level(0, 0, 2, new(1, 0, 7, "x", -0.5, -0.5, 0, BeamOutcome.Kept), new(2, 0, 8, "y", -2, -2, 0, BeamOutcome.Outscored)),
        Level(0, 1, 0, new(3, 0, 8, "y", -2, -2, 0, BeamOutcome.Kept), new(4, 0, 7, "x", -0.5, -2.5, 2, BeamOutcome.Outscored)),
        Level(1, 0, 0, new(5, 1, 9, "z", -0.25, -0.75, 0, BeamOutcome.Finished), new(6, 1, 10, "w", -3, -3.5, 0, BeamOutcome.EndTooUnlikely)),
        Level(1, 1, 0, new BeamNode(7, 3, 9, "z", -1, -5, 2, BeamOutcome.WorseThanFinished)),
        new BeamResultStep { Evaluation = 4, Position = 2, Leaves = [new(5, -0.375)] },
    ];

    public static ContrastiveStep Contrastive { get; } = new()
    {
        Evaluation = 5,
        Position = 6,
        Alpha = 0.6,
        Candidates = [new(1, " sea", 0.5, 0.9, -0.34), new(2, " sky", 0.4, 0.2, 0.04)],
        Chosen = 1,
        IsEnd = false,
    };

    public static BatchStep Batch(long engineStep, double start, int own, int requests = 2) => new()
    {
        Evaluation = 0,
        Position = 0,
        EngineStep = engineStep,
        StartSeconds = start,
        PlanSeconds = 0.001,
        EvaluateSeconds = 0.008,
        AdvanceSeconds = 0.001,
        Requests = requests,
        Tokens = 12,
        OwnTokens = own,
        IsComplete = true,
    };

    public static AnswerTrace Of(params IReadOnlyList<TraceStep> steps) => new()
    {
        Model = new TraceModel { Name = "pocket", Fingerprint = "abc", Backend = "llama.cpp 0.5.0" },
        Request = new TraceRequest { Seed = 1, PromptTokens = [1, 2], NegativePromptTokens = [], Options = JsonElement.Parse("{}"), Tools = [] },
        Level = TraceLevel.Stages,
        Top = 10,
        Tokens = [1, 2, 7],
        End = TraceEnd.EndOfGeneration,
        Steps = steps,
        DroppedSteps = 0,
    };

    public static TraceDistribution Distribution(int candidates, double rest, params IReadOnlyList<TraceCandidate> top) => new() { Candidates = candidates, Entropy = 0.5, Top = top, Rest = rest };

    private static BeamStep Level(int position, int group, int omitted, params IReadOnlyList<BeamNode> nodes) =>
        new() { Evaluation = 3, Position = position, Group = group, Nodes = nodes, Omitted = omitted };
}
