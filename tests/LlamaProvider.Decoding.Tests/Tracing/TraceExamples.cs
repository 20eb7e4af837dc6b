using System.Text.Json;
using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Decoding.Tests.Tracing;

/// <summary>A trace with a step of every kind.</summary>
internal static class TraceExamples
{
    public static TraceDistribution Two { get; } = new()
    {
        Candidates = 2,
        Entropy = 0.5623,
        Top = [new(7, " Paris", 0.75), new(9, " Rome", 0.25)],
        Rest = 0,
    };

    public static TokenStep Chosen { get; } = new()
    {
        Evaluation = 1,
        Position = 2,
        Token = new(7, " Paris"),
        IsEnd = false,
        Probability = 0.75,
        Rank = 1,
        LogProbability = Math.Log(0.6),
        ModelRank = 2,
        Final = Two,
        Mask = new TraceMask
        {
            Constraint = "llama.regex",
            Allowed = 3,
            AllowedProbability = 0.8,
            LogProbability = Math.Log(0.75),
            ForbiddenFavourite = new(3, "\n", 0.2),
            After = Two with { Candidates = 3, Rest = 0 },
        },
        Model = Two with { Candidates = 4096, Rest = 0.05 },
        Stages = [new TraceStage { Name = "top_k", Removed = 1, Added = 0, RemovedProbability = 0.0004, After = Two }, new TraceStage { Name = "categorical", Removed = 0, Added = 0, RemovedProbability = 0, After = Two }],
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

    public static BeamStep Beam { get; } = new()
    {
        Evaluation = 3,
        Position = 0,
        Group = 1,
        Nodes = [new(1, 0, 7, "x", -0.5, -0.5, 0, BeamOutcome.Kept), new(2, 0, 8, "y", -1, -1.5, 0.5, BeamOutcome.Finished), new(3, 0, 9, "z", -2, -2, 0, BeamOutcome.Outscored)],
        Omitted = 4,
    };

    public static BeamResultStep Result { get; } = new() { Evaluation = 4, Position = 1, Leaves = [new(2, -0.75)] };

    public static ContrastiveStep Contrastive { get; } = new()
    {
        Evaluation = 5,
        Position = 6,
        Alpha = 0.6,
        Candidates = [new(1, " sea", 0.5, 0.9, -0.34), new(2, " sky", 0.4, 0.2, 0.04)],
        Chosen = 1,
        IsEnd = false,
    };

    public static NegativePromptStep Negative { get; } = new() { Evaluation = 6, Position = 7, Scale = 1.5, Tokens = [new(1, "no", 0.4, 0.2, 0.6)] };

    public static TokenGuideStep Guide { get; } = new()
    {
        Evaluation = 7,
        Position = 8,
        Guide = "happy",
        Strength = 1,
        Tokens = [new(1, "sad", 0.7, double.NegativeInfinity, 0), new(2, "glad", 0.3, -0.5, 1)],
    };

    public static BatchStep Batch { get; } = new()
    {
        Evaluation = 7,
        Position = 8,
        EngineStep = 1234,
        StartSeconds = 2.5,
        PlanSeconds = 0.000012,
        EvaluateSeconds = 0.0025,
        AdvanceSeconds = 0.000034,
        Requests = 3,
        Tokens = 12,
        OwnTokens = 1,
        IsComplete = true,
    };

    public static AnswerTrace Trace { get; } = new()
    {
        Model = new TraceModel { Name = "pocket", Fingerprint = "abc", Backend = "llama.cpp 0.5.0" },
        Request = new TraceRequest
        {
            Seed = ulong.MaxValue,
            PromptTokens = [1, 2],
            NegativePromptTokens = [],
            Options = JsonElement.Parse("""{"seed":1}"""),
            Tools = [new TraceTool("get", "Gets.", JsonElement.Parse("""{"type":"object"}"""))],
        },
        Level = TraceLevel.Full,
        Top = 10,
        Tokens = [7, 4],
        End = TraceEnd.StopSequence,
        Steps = [Chosen, Forced, Draft, Beam, Result, Contrastive, Negative, Guide, Batch],
        DroppedSteps = 5,
    };
}
