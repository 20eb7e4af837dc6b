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

    private static IModelContext Create()
    {
        var model = new ScriptedModel(ScriptedVocabulary.Bytes(), (_, _) => { }) { Capabilities = new ModelCapabilities() };
        IModelContext context = model.CreateContext(new ContextOptions { ContextLength = 64, Sequences = 2, BatchTokens = 16 });
        Evaluate(context, hiddenStates: false);
        return context;
    }

    private static void Evaluate(IModelContext context, bool hiddenStates)
    {
        var batch = new ModelBatch { HiddenStates = hiddenStates };
        int start = context.GetPositions(0).End;
        for (int i = 0; i < 3; i++)
        {
            batch.Add(5, start + i, 0);
        }

        batch.AddOutput(5, start + 3, 0);
        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
    }
}
