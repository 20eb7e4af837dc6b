using LlamaProvider.Decoding.Model;
using Xunit;

namespace LlamaProvider.TestSupport.Conformance;

// Calls that break the contract: refused in C#, with the context as usable as before.
public abstract partial class ModelContextConformance
{
    public static TheoryData<string, Action<IModelContext>, string> BadCalls { get; } = new()
    {
        { "token below", c => Evaluate(c, b => b.Add(-1, 4, 0)), "Batch entry 0 is token -1, but the vocabulary has tokens 0 to " },
        { "token above", c => Evaluate(c, b => b.Add(int.MaxValue, 4, 0)), "Batch entry 0 is token 2147483647, but the vocabulary has tokens 0 to " },
        { "sequence below", c => Evaluate(c, b => b.Add(3, 0, -1)), "Sequence -1 does not exist; this context has sequences 0 to 3." },
        { "sequence above", c => Evaluate(c, b => b.Add(3, 0, 4)), "Sequence 4 does not exist; this context has sequences 0 to 3." },
        { "no sequence", c => Evaluate(c, b => b.Add(3, 0, [])), "Batch entry 0 (token 3) enters no sequence; name at least one." },
        { "sequence twice", c => Evaluate(c, b => b.Add(3, 0, [1, 1])), "Batch entry 0 names sequence 1 twice." },
        { "position gap", c => Evaluate(c, b => b.Add(3, 6, 0)), "Batch entry 0 has position 6 in sequence 0, but the next position there is 4." },
        { "position again", c => Evaluate(c, b => b.Add(3, 3, 0)), "Batch entry 0 has position 3 in sequence 0, but the next position there is 4." },
        { "position order", c => Evaluate(c, b => { b.Add(3, 4, 0); b.Add(3, 4, 0); }), "Batch entry 1 has position 4 in sequence 0, but the next position there is 5." },
        { "empty batch", c => Evaluate(c, _ => { }), "The batch is empty; add at least one token." },
        { "large batch", c => Evaluate(c, b => Fill(b, 257, output: false)), "The batch has 257 tokens, but this context takes 256. Split it, or raise ContextOptions.BatchTokens." },
        { "many outputs", c => Evaluate(c, b => Fill(b, 33, output: true)), "The batch wants 33 outputs, but this context has 32. Ask for fewer, or raise ContextOptions.Outputs." },
        {
            "hidden batch", c => Evaluate(c, b => { b.HiddenStates = true; Fill(b, 33, output: false); }),
            "The batch has 33 tokens and asks for hidden states, but this context takes 32 of such tokens. Split it, or raise ContextOptions.Outputs."
        },
        {
            "diverged sequences", c => { Evaluate(c, b => { Text(b, [3, 3, 3, 5], 2); }); Evaluate(c, b => b.Add(3, 4, [0, 2])); },
            "Batch entry 0 enters sequences 0 and 2, which differ before position 4. Add the token once for each sequence."
        },
        {
            "diverged in batch", c => Evaluate(c, b => { b.Add(3, 0, 1); b.Add(3, 0, 2); b.Add(3, 1, [1, 2]); }),
            "Batch entry 2 enters sequences 1 and 2, which differ before position 1. Add the token once for each sequence."
        },
        { "copy into itself", c => c.Copy(0, 0, 4), "Sequence 0 cannot be copied into itself; name an empty sequence as destination." },
        { "copy of nothing", c => c.Copy(1, 2, 1), "Sequence 1 cannot be copied up to position 1; it holds positions 0 to -1." },
        { "copy beyond end", c => c.Copy(0, 1, 5), "Sequence 0 cannot be copied up to position 5; it holds positions 0 to 3." },
        { "copy from outside", c => c.Copy(9, 1, 1), "Sequence 9 does not exist; this context has sequences 0 to 3." },
        { "copy over tokens", c => { Evaluate(c, b => b.Add(3, 0, 1)); c.Copy(0, 1, 4); }, "Sequence 1 holds 1 positions, but must be empty. Drop it first." },
        { "trim outside", c => c.Trim(4, 0), "Sequence 4 does not exist; this context has sequences 0 to 3." },
        { "drop outside", c => c.Drop(-2), "Sequence -2 does not exist; this context has sequences 0 to 3." },
        { "shift beyond end", c => c.Shift(0, 1, 9), "Positions 1 to 8 of sequence 0 cannot be removed; it holds positions 0 to 3." },
        { "shift of nothing", c => c.Shift(0, 2, 2), "Positions 2 to 1 of sequence 0 cannot be removed; it holds positions 0 to 3." },
        {
            "shift of shared cells", c => { c.Copy(0, 1, 4); c.Shift(0, 0, 2); },
            "Sequence 0 cannot be shifted from position 2: another sequence shares its cells up to position 3. " +
            "Drop the other sequence first, or evaluate the kept tokens again in a sequence of their own."
        },
        { "output outside", c => { Evaluate(c, b => b.AddOutput(3, 4, 0)); c.GetLogits(1); }, "Output 1 was asked for, but the last evaluation has outputs 0 to 0." },
        { "output below", c => { Evaluate(c, b => b.AddOutput(3, 4, 0)); c.GetLogits(-1); }, "Output -1 was asked for, but the last evaluation has outputs 0 to 0." },
        {
            "hidden state unasked", c => { Evaluate(c, b => b.AddOutput(3, 4, 0)); c.GetHiddenState(0); },
            "A hidden state was asked for, but the last batch did not ask for hidden states. Set ModelBatch.HiddenStates before the evaluation."
        },
        { "state of nothing", c => c.SaveState(1, Stream.Null), "Sequence 1 is empty; there is no state to save." },
        { "state over tokens", c => c.LoadState(0, Stream.Null), "Sequence 0 holds 4 positions, but must be empty. Drop it first." },
    };

    [Theory]
    [MemberData(nameof(BadCalls), DisableDiscoveryEnumeration = true)]
    public void BadCall_IsRefused_AndTheContextWorksOn(string name, Action<IModelContext> call, string message)
    {
        Assert.NotEmpty(name);
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, 3, 4, 5, 6);

        string actual = Assert.Throws<ModelContextException>(() => call(context)).Message;

        Assert.StartsWith(message, actual);
        context.Drop(0);
        AssertSame(Alone(3, 4, 7), Append(context, 0, 3, 4, 7));
    }

    [Fact]
    public void Disposed_EveryCall_SaysSo()
    {
        IModelContext context = Model.CreateContext(Options);
        context.Dispose();
        context.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Evaluate(context, b => b.Add(3, 0, 0)));
        Assert.Throws<ObjectDisposedException>(() => context.GetPositions(0));
        Assert.Throws<ObjectDisposedException>(() => context.GetLogits(0).Length);
        Assert.Throws<ObjectDisposedException>(() => context.Copy(0, 1, 1));
        Assert.Throws<ObjectDisposedException>(() => context.Trim(0, 1));
        Assert.Throws<ObjectDisposedException>(() => context.Drop(0));
        Assert.Throws<ObjectDisposedException>(() => context.Shift(0, 0, 1));
        Assert.Throws<ObjectDisposedException>(() => context.SaveState(0, Stream.Null));
        Assert.Throws<ObjectDisposedException>(() => context.LoadState(0, Stream.Null));
    }

    [Theory]
    [InlineData(-1, 4, 256, null, "ContextLength is -1, but must be 1 or more. Change the option or leave it unset.")]
    [InlineData(0, 4, 256, null, "ContextLength is 0, but must be 1 or more. Change the option or leave it unset.")]
    [InlineData(512, 0, 256, null, "Sequences is 0, but must be from 1 to 256. Change the option or leave it unset.")]
    [InlineData(512, 257, 512, null, "Sequences is 257, but must be from 1 to 256. Change the option or leave it unset.")]
    [InlineData(512, 4, -5, null, "BatchTokens is -5, but must be 4 or more. Change the option or leave it unset.")]
    [InlineData(512, 4, 256, 3, "Outputs is 3, but must be from 4 to 256. Change the option or leave it unset.")]
    public void CreateContext_SizeOutOfRange_IsRefused(int length, int sequences, int batchTokens, int? outputs, string message)
    {
        ContextOptions options = Options with { ContextLength = length, Sequences = sequences, BatchTokens = batchTokens, Outputs = outputs };

        Assert.Equal(message, Assert.Throws<ContextCreationException>(() => Model.CreateContext(options)).Message);
    }

    private static void Evaluate(IModelContext context, Action<ModelBatch> fill)
    {
        var batch = new ModelBatch();
        fill(batch);
        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
    }

    private static void Fill(ModelBatch batch, int count, bool output)
    {
        for (int i = 0; i < count; i++)
        {
            if (output)
            {
                batch.AddOutput(3, 4 + i, 0);
            }
            else
            {
                batch.Add(3, 4 + i, 0);
            }
        }
    }

    private static void Text(ModelBatch batch, ReadOnlySpan<int> tokens, int sequence)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            batch.Add(tokens[i], i, sequence);
        }
    }
}
