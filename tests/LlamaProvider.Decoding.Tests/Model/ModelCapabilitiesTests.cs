using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Model;

/// <summary>What a model's memory cannot do is refused before the runtime is asked, where it would end the process.</summary>
public sealed class ModelCapabilitiesTests
{
    public static TheoryData<Action<IModelContext>, string> Lacking { get; } = new()
    {
        { c => c.Trim(0, 2), "Trimming sequence 0 to 2 of 4 positions is not possible with this model: its memory lacks CanTrim." },
        { c => c.Copy(0, 1, 2), "Copying sequence 0 up to position 2 of 4 is not possible with this model: its memory lacks CanTrim." },
        { c => c.Shift(0, 0, 1), "Shifting sequence 0 is not possible with this model: its memory lacks CanShift." },
        { c => c.SaveState(0, Stream.Null), "Saving a sequence's state is not possible with this model: its memory lacks CanSaveState." },
        { c => c.LoadState(1, Stream.Null), "Loading a sequence's state is not possible with this model: its memory lacks CanSaveState." },
        { c => c.GetHiddenState(0), "Reading hidden states is not possible with this model: its memory lacks HasHiddenStates." },
        { c => c.GetRelevance(0), "Reading relevance is not possible with this model: its memory lacks HasRankHead." },
        { c => Evaluate(c, hiddenStates: false, relevance: true), "Reading relevance is not possible with this model: its memory lacks HasRankHead." },
        { c => Evaluate(c, hiddenStates: true), "Reading hidden states is not possible with this model: its memory lacks HasHiddenStates." },
    };

    [Theory]
    [MemberData(nameof(Lacking), DisableDiscoveryEnumeration = true)]
    public void Call_CapabilityLacking_IsRefusedByName(Action<IModelContext> call, string message)
    {
        using IModelContext context = Create();

        string actual = Assert.Throws<ModelContextException>(() => call(context)).Message;

        Assert.Equal($"{message} Ask ILanguageModel.Capabilities before, or choose another model.", actual);
        Assert.Equal(new PositionRange(0, 4), context.GetPositions(0));
    }

    [Fact]
    public void Call_WithoutAnyCapability_WholeSequencesStillWork()
    {
        using IModelContext context = Create();

        context.Copy(0, 1, 4);
        context.Trim(0, 4);
        context.Trim(0, 0);
        context.Drop(1);

        Assert.True(context.GetPositions(0).IsEmpty);
    }

    [Fact]
    public void Evaluate_ModelOfWholeTexts_RefusesWhatIsNone()
    {
        var model = new ScriptedModel(ScriptedVocabulary.Bytes(), (_, _) => { }) { Capabilities = new ModelCapabilities { EvaluatesWholeTexts = true } };
        using IModelContext context = model.CreateContext(new ContextOptions { ContextLength = 10_000, Sequences = 2, BatchTokens = 5000 });
        var shared = new ModelBatch();
        shared.AddOutput(5, 0, [0, 1]);
        var beyond = new ModelBatch();
        for (int i = 0; i <= model.Description.TrainedContextLength; i++)
        {
            beyond.Add(5, i, 1);
        }

        Evaluate(context, hiddenStates: false);

        Assert.Equal(
            "Batch entry 0 would follow 4 tokens of sequence 0, but this model evaluates a text whole. Drop the sequence and evaluate all tokens at once.",
            Assert.Throws<ModelContextException>(() => Evaluate(context, hiddenStates: false)).Message);
        Assert.Equal(
            "Batch entry 4096 has position 4096, but this model was trained for texts of 4096 tokens. Shorten the text.",
            Assert.Throws<ModelContextException>(() => context.Evaluate(beyond)).Message);
        context.Drop(0);
        Assert.Equal(
            "Batch entry 0 enters 2 sequences, but this model evaluates each text by itself. Add the token once for each sequence.",
            Assert.Throws<ModelContextException>(() => context.Evaluate(shared)).Message);
    }

    [Fact]
    public void GetRelevance_NotAskedFor_SaysHowToAsk()
    {
        var model = new ScriptedModel(ScriptedVocabulary.Bytes(), (_, _) => { }) { Capabilities = ModelCapabilities.All with { HasRankHead = true } };
        using IModelContext context = model.CreateContext(new ContextOptions { ContextLength = 64, Sequences = 2, BatchTokens = 16, Outputs = 4 });
        Evaluate(context, hiddenStates: false);

        Assert.Equal(
            "A relevance was asked for, but the last batch did not ask for relevance. Set ModelBatch.Relevance before the evaluation.",
            Assert.Throws<ModelContextException>(() => context.GetRelevance(0)).Message);
        context.Drop(0);
        Evaluate(context, hiddenStates: false, relevance: true);
        Assert.Equal(ScriptedContext.Relevance([5, 5, 5, 5]), context.GetRelevance(0));
    }

    private static IModelContext Create()
    {
        var model = new ScriptedModel(ScriptedVocabulary.Bytes(), (_, _) => { }) { Capabilities = new ModelCapabilities() };
        IModelContext context = model.CreateContext(new ContextOptions { ContextLength = 64, Sequences = 2, BatchTokens = 16 });
        Evaluate(context, hiddenStates: false);
        return context;
    }

    private static void Evaluate(IModelContext context, bool hiddenStates, bool relevance = false)
    {
        var batch = new ModelBatch { HiddenStates = hiddenStates, Relevance = relevance };
        int start = context.GetPositions(0).End;
        for (int i = 0; i < 3; i++)
        {
            batch.Add(5, start + i, 0);
        }

        batch.AddOutput(5, start + 3, 0);
        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
    }
}
