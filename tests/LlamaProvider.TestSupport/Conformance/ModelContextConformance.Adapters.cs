using LlamaProvider.Decoding.Model;
using Xunit;

namespace LlamaProvider.TestSupport.Conformance;

// LoRA adapters.
public abstract partial class ModelContextConformance
{
    [Fact]
    public void Adapters_OneAfterTheOther_EachAsAlone()
    {
        int[] text = Text(20);
        AdapterSet[] sets =
        [
            AdapterSet.None, new([new("first", 1)]), new([new("second", 1)]), new([new("first", 0.5f)]), new([new("second", 0.5f), new("first", 1)]),
        ];
        float[][] alone = [.. sets.Select(set => With(Model.CreateContext(Options), set, text, dispose: true))];
        using IModelContext context = Model.CreateContext(Options);

        foreach (int index in (int[])[1, 0, 2, 1, 4, 3, 0])
        {
            AssertSame(alone[index], With(context, sets[index], text, dispose: false));
            context.Drop(0);
        }

        AssertSame(Alone(text), alone[0]);
        for (int first = 0; first < alone.Length; first++)
        {
            for (int second = 0; second < first; second++)
            {
                AssertDiffers(alone[first], alone[second]);
            }
        }
    }

    [Fact]
    public void Adapters_ScaleZero_IsTheBaseModel()
    {
        int[] text = Text(20);

        AssertSame(Alone(text), With(Model.CreateContext(Options), new AdapterSet([new("first", 0)]), text, dispose: true));
    }

    [Fact]
    public void Adapters_SwitchedWithinASequence_ActOnLaterTokensOnly()
    {
        int[] text = Text(20);
        var set = new AdapterSet([new("first", 1)]);
        using IModelContext context = Model.CreateContext(Options);
        With(context, set, text, dispose: false);

        float[] after = Append(context, 0, text[0]);

        AssertDiffers(Alone([.. text, text[0]]), after);
        context.Drop(0);
        AssertSame(Alone([.. text, text[0]]), Append(context, 0, [.. text, text[0]]));
    }

    [Fact]
    public void Adapters_Unknown_IsRefusedAndChangesNothing()
    {
        using IModelContext context = Model.CreateContext(Options);

        var error = Assert.Throws<ModelContextException>(() => With(context, new AdapterSet([new("third", 1)]), [3, 4], dispose: false));

        Assert.Equal("The batch is to be evaluated with the adapter 'third', but the model has first, second. Load the adapter with the model, or leave it out.", error.Message);
        AssertSame(Alone(3, 4), Append(context, 0, 3, 4));
    }

    private static float[] With(IModelContext context, AdapterSet adapters, int[] text, bool dispose)
    {
        var batch = new ModelBatch { Adapters = adapters };
        for (int i = 0; i < text.Length - 1; i++)
        {
            batch.Add(text[i], i, 0);
        }

        int output = batch.AddOutput(text[^1], text.Length - 1, 0);
        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
        float[] row = context.GetLogits(output).ToArray();
        if (dispose)
        {
            context.Dispose();
        }

        return row;
    }
}
