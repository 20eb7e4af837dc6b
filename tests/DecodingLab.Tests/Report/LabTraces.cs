using System.Text.Json;
using LlamaProvider.Decoding.Tracing;

namespace DecodingLab.Tests.Report;

/// <summary>A trace of known tokens.</summary>
internal static class LabTraces
{
    public const string Hostile = "</script><img src=x onerror=alert(1)>";

    public static AnswerTrace Of(params string[] texts) => new()
    {
        Model = new TraceModel { Name = "made up", Fingerprint = "abc", Backend = "none" },
        Request = new TraceRequest { Seed = 1, PromptTokens = [1], NegativePromptTokens = [], Options = JsonElement.Parse("{}"), Tools = [] },
        Level = TraceLevel.Tokens,
        Top = 10,
        Tokens = [.. Enumerable.Range(0, texts.Length)],
        End = TraceEnd.EndOfGeneration,
        Steps = [.. texts.Select(Step)],
        DroppedSteps = 0,
    };

    private static TokenStep Step(string text, int position) => new()
    {
        Evaluation = position,
        Position = position,
        Token = new(position, text),
        IsEnd = false,
        Probability = 0.75,
        Rank = 1,
        LogProbability = Math.Log(0.5),
        ModelRank = 1,
        Final = new TraceDistribution { Candidates = 3, Entropy = 0.6, Top = [new(position, text, 0.75), new(90, " other", 0.15)], Rest = 0.1 },
    };
}
