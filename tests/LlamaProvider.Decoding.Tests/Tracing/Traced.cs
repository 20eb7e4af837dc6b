using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Decoding.Tests.Tracing;

/// <summary>Traces without a client.</summary>
internal static class Traced
{
    /// <summary>Has a sampler's choices recorded.</summary>
    public static TraceLog Record(this TokenSampler sampler, Vocabulary vocabulary, TraceLevel level = TraceLevel.Stages, int top = 50, int maxSteps = 1000, Action<TraceStep>? sink = null)
    {
        var log = new TraceLog(new TraceSettings(level, top, maxSteps), new TokenTexts(vocabulary), sink);
        sampler.Recorder = new TokenRecorder(log);
        return log;
    }

    /// <summary>The tokens that were chosen or forced, without one that ends the answer.</summary>
    public static int[] Answer(this TraceLog log) =>
    [
        .. log.Steps.Select(static step => step switch
        {
            TokenStep { IsEnd: false } chosen => chosen.Token.Id,
            ForcedStep forced => forced.Token.Id,
            _ => -1,
        }).Where(static token => token >= 0),
    ];

    /// <summary>The places of those tokens.</summary>
    public static int[] Positions(this TraceLog log) =>
        [.. log.Steps.Where(static step => step is TokenStep { IsEnd: false } or ForcedStep).Select(static step => step.Position)];
}
