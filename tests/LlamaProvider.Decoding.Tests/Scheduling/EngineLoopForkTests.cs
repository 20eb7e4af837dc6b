using System.Numerics.Tensors;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

/// <summary>Strategies whose sequences become alternatives of each other.</summary>
public sealed class EngineLoopForkTests
{
    private static readonly int[] Prompt = [5, 6, 7, 8, 9];
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());

    [Fact]
    public void Fork_FilledSequence_SharesItsCellsAndGoesOnByItself()
    {
        var script = new Script(
            step => step.Evaluate(0, Prompt, WantedOutputs.Last),
            step =>
            {
                step.Fork(0, 1);
                step.Evaluate(0, [10], WantedOutputs.Last);
                step.Evaluate(1, [11], WantedOutputs.Last);
            });
        TestLoop loop = Run(script, steps: 2);

        Assert.Equal(Prompt.Length + 2, _model.Faults.UsedCells);
        Assert.Equal([Best([.. Prompt]), Best([.. Prompt, 10]), Best([.. Prompt, 11])], script.Chosen);
        loop.RunToEnd();
        Assert.Equal(0, _model.Faults.UsedCells);
    }

    [Fact]
    public void Fork_IntoASequenceWithTokens_FreesThem()
    {
        var script = new Script(
            step =>
            {
                step.Evaluate(0, Prompt, WantedOutputs.Last);
                step.Evaluate(1, [20, 21, 22, 23], WantedOutputs.Last);
            },
            step =>
            {
                step.Fork(0, 1);
                step.Evaluate(1, [11], WantedOutputs.Last);
            });
        Run(script, steps: 2);

        Assert.Equal(Prompt.Length + 1, _model.Faults.UsedCells);
        Assert.Equal(Best([.. Prompt, 11]), script.Chosen[^1]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void Trim_FilledSequence_KeepsTheFirstTokens(int length)
    {
        var script = new Script(
            step => step.Evaluate(0, Prompt, WantedOutputs.Last),
            step =>
            {
                step.Trim(0, length);
                step.Evaluate(0, [11], WantedOutputs.Last);
            });
        Run(script, steps: 2);

        Assert.Equal(length + 1, _model.Faults.UsedCells);
        Assert.Equal(Best([.. Prompt[..length], 11]), script.Chosen[^1]);
    }

    [Fact]
    public void Release_SequenceNotWorthKeeping_IsNoPrefix()
    {
        var script = new Script(
            step => step.Evaluate(0, Prompt, WantedOutputs.Last),
            step =>
            {
                step.Fork(0, 1);
                step.Evaluate(1, [11], WantedOutputs.Last);
            });
        TestLoop loop = Run(script, steps: 2, keptSequences: 2);

        loop.RunToEnd();

        Assert.Equal(Prompt.Length, Assert.Single(loop.Engine.Prefixes.Sequences).Length);
    }

    [Theory]
    [InlineData(0, 0, "A strategy forks its sequence 0 with 5 tokens into 0; fork one with tokens into another.")]
    [InlineData(1, 2, "A strategy forks its sequence 1 with 0 tokens into 2; fork one with tokens into another.")]
    [InlineData(0, 3, "A strategy names its sequence 3, but it holds 3 sequences now.")]
    public void Fork_WrongSequences_FailsTheRequest(int source, int destination, string message) => AssertFails(step => step.Fork(source, destination), message);

    [Fact]
    public void Trim_BeyondTheEnd_FailsTheRequest() => AssertFails(step => step.Trim(0, 6), "A strategy trims its sequence 0 to 6 tokens, but it has 5.");

    [Fact]
    public void Exhaust_NothingToForget_ConcludesBeforeTheEnd()
    {
        var script = new Script(step => step.Evaluate(0, Prompt, WantedOutputs.Last), step => step.Evaluate(0, [1, 2, 3, 4], WantedOutputs.Last)) { Held = 77 };
        var loop = new TestLoop(_model, cells: 8);
        GenerationRequest request = loop.Submit(script);
        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);

        Assert.Equal([77], tokens);
        Assert.Equal(GenerationEndReason.ContextLimit, end!.Reason);
    }

    private void AssertFails(Action<IStepPlanner> wrong, string message)
    {
        var loop = new TestLoop(_model);
        GenerationRequest request = loop.Submit(new Script(step => step.Evaluate(0, Prompt, WantedOutputs.Last), wrong));
        loop.RunToEnd();

        Assert.Equal(message, Assert.IsType<InvalidOperationException>(TestLoop.Read(request).End!.Error).Message);
        Assert.Equal(0, _model.Faults.UsedCells);
    }

    private TestLoop Run(Script script, int steps, int keptSequences = 0)
    {
        var loop = new TestLoop(_model, keptSequences: keptSequences);
        loop.Submit(script);
        for (int step = 0; step < steps; step++)
        {
            loop.Engine.Step();
        }

        return loop;
    }

    private int Best(int[] prefix)
    {
        float[] logits = new float[_model.Vocabulary.Count];
        _model.Logits(prefix, logits);
        return Array.IndexOf(logits, logits.Max());
    }

    /// <summary>Plans given steps, one token of sequence 0 after them, and then ends; notes the most probable token of each output.</summary>
    private sealed class Script(params Action<IStepPlanner>[] steps) : IDecodingStrategy
    {
        private int _step;
        private int _outputs;

        public int MaxSequences => 3;

        public List<int> Chosen { get; } = [];

        public int? Held { get; init; }

        public void Plan(IStepPlanner step)
        {
            var counting = new Counting(step);
            if (_step == steps.Length)
            {
                counting.Evaluate(2, [1], WantedOutputs.Last);
            }
            else
            {
                steps[_step](counting);
            }

            _outputs = counting.Outputs;
        }

        public void Advance(IStepResults results)
        {
            for (int output = 0; output < _outputs; output++)
            {
                ReadOnlySpan<float> logits = results.GetLogits(output);
                Chosen.Add(logits.IndexOf(TensorPrimitives.Max(logits)));
            }

            if (_step++ == steps.Length)
            {
                results.Finish(GenerationEnd.EndOfGeneration);
            }
        }

        public void Restart() => _step = 0;

        public void Conclude(IStepResults results)
        {
            if (Held is int token)
            {
                results.Emit(token);
            }
        }

        public bool IsWorthKeeping(int sequence) => sequence == 0;
    }

    private sealed class Counting(IStepPlanner planner) : IStepPlanner
    {
        public int Outputs { get; private set; }

        public StepLoad Load => planner.Load;

        public void Fork(int source, int destination) => planner.Fork(source, destination);

        public void Trim(int sequence, int length) => planner.Trim(sequence, length);

        public void Evaluate(int sequence, ReadOnlySpan<int> tokens, WantedOutputs outputs)
        {
            Outputs++;
            planner.Evaluate(sequence, tokens, outputs);
        }
    }
}
