using LlamaProvider.Decoding.Tracing;
using Xunit;

namespace LlamaProvider.Visualization.Tests;

public sealed class MissingDataTests
{
    private static readonly AnswerTrace Empty = FigureTraces.Of();

    [Fact]
    public void Distribution_NoSuchToken_SaysWhatIsMissing() => Refuses(
        "The figure needs how the token at position 9 was chosen, but the trace does not hold it: a search found it, the constraint forced it, the answer is shorter, or there was no room. Ask for a token that a sampler chose, or raise max_steps of CaptureTrace.",
        () => DistributionFigure.OfModel(Empty, 9));

    [Fact]
    public void Distribution_LevelOfTokens_SaysWhichLevel() => Refuses(
        "The figure needs the candidates before and after every stage, but the trace is of level Tokens. Capture it with options.CaptureTrace(TraceLevel.Stages).",
        () => StageReachFigure.Of(FigureTraces.Of(FigureTraces.Chosen with { Model = null, Stages = null }) with { Level = TraceLevel.Tokens }, 2));

    [Fact]
    public void Distribution_OtherStage_SaysWhichRan() => Refuses(
        "The figure needs what 'xtc' did at position 2, but there ran: constraint, top_k, categorical. Ask for one of these, or capture an answer whose options have that stage.",
        () => DistributionFigure.OfStage(FigureTraces.Of(FigureTraces.Chosen), 2, "xtc"));

    [Fact]
    public void BeamTree_NoSearch_SaysHowToSearch() => Refuses(
        "The figure needs the tree of a beam search, but the trace holds none. Capture an answer of options.UseBeamSearch or UseDiverseBeamSearch with CaptureTrace.",
        () => BeamTreeFigure.Of(Empty));

    [Fact]
    public void DraftStrip_NoDraft_SaysHowToDraft() => Refuses(
        "The figure needs drafts and their verification, but the trace holds none. Capture an answer of options.UseSpeculativeDecoding or UsePromptLookup with CaptureTrace.",
        () => DraftStripFigure.Of(Empty));

    [Fact]
    public void DraftStrip_DraftsWithoutTokens_SaysHowToDraft() => Refuses(
        "The figure needs a draft with tokens, but the trace holds none. No drafter had an offer that pays; ask for drafts of a fixed length.",
        () => DraftStripFigure.Of(FigureTraces.Of(FigureTraces.Draft with { Tokens = [], Correction = null })));

    [Fact]
    public void MaskSize_DroppedSteps_SaysThatTheyMayHoldIt() => Refuses(
        "The figure needs what a constraint allowed, but the trace holds none. Capture an answer with ResponseFormat, UseJsonSchema, UseRegex, UseGrammar or another constraint. "
        + "If it is among the 5 steps for which there was no room, raise max_steps of CaptureTrace.",
        () => MaskSizeFigure.Of(Empty with { DroppedSteps = 5 }));

    [Fact]
    public void Contrastive_NoSearch_SaysHowToSearch() => Refuses(
        "The figure needs the candidates of a contrastive search, but the trace holds none. Capture an answer of options.UseContrastiveSearch with CaptureTrace.",
        () => ContrastiveFigure.Of(Empty, 0));

    [Fact]
    public void Contrastive_OtherPosition_SaysWhichThereAre() => Refuses(
        "The figure needs the contrastive choice at position 0, but the trace holds none. Ask for a position from 6 to 6.",
        () => ContrastiveFigure.Of(FigureTraces.Of(FigureTraces.Contrastive), 0));

    private static void Refuses(string message, Func<Figure> draw) => Assert.Equal(message, Assert.Throws<TraceNotCapturedException>(draw).Message);
}
