using System.Text.Json;
using CsCheck;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.Stages;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.TestSupport.Constraints;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Sampling;

/// <summary>A mask applies before every stage.</summary>
public sealed class ConstrainedChoiceTests
{
    private static readonly Gen<SamplerPipeline> AnyPipeline = Gen.Select(
        Gen.OneOf([.. SamplerComponents.Stages.Where(pair => pair.Key != typeof(CustomStage) && pair.Key != typeof(LogitBiasStage)).Select(pair => pair.Value)]).Array[0, 5],
        Gen.OneOf([.. SamplerComponents.Selectors.Values]),
        (stages, selector) => new SamplerPipeline(stages, selector));

    [Fact]
    public void Choose_EveryTokenLegal_EqualsNoConstraint() =>
        Gen.Select(LogitRows.Any, AnyPipeline, Gen.ULong[0, 99]).Sample((row, pipeline, seed) =>
        {
            var all = new TokenMask(row.Length);
            all.AddAll();

            Assert.Equal(Answer(row, pipeline, seed, null), Answer(row, pipeline, seed, TestConstraints.Tokens(all)));
        });

    [Fact]
    public void Choose_AnyStages_IsLegal() =>
        Gen.Select(LogitRows.Any, AnyPipeline, Gen.ULong[0, 99], Gen.ULong).Sample(
            (row, pipeline, seed, bits) =>
            {
                var mask = new TokenMask(row.Length);
                var random = new Random((int)(bits & int.MaxValue));
                for (int token = 0; token < row.Length; token++)
                {
                    if (random.Next(1 + (int)(bits % 20)) == 0)
                    {
                        mask.Add(token);
                    }
                }

                // What the sampler accepts is checked by the constraint, so an illegal choice is an ArgumentException.
                Answer(row, pipeline, seed, TestConstraints.Tokens(mask));
            },
            iter: 5000);

    [Fact]
    public void Choose_OneTokenLegal_IsChosenWhateverTheStagesSay() =>
        Gen.Select(LogitRows.Any, AnyPipeline, Gen.ULong).Sample(
            (row, pipeline, seed) =>
            {
                int only = LogitRows.Ranking(row)[^1];
                var mask = new TokenMask(row.Length);
                mask.Add(only);
                if (row.Length > 1)
                {
                    Assert.Equal($"{only},{only},{only}", Answer(row, pipeline, seed, TestConstraints.Tokens(mask)));
                }
            },
            iter: 2000);

    [Fact]
    public void Choose_CustomSamplerRaisesEverything_GetsLegalTokensOnly()
    {
        Vocabulary vocabulary = StageRun.Numbers(100);
        var binding = new SamplerBinding(vocabulary, new Dictionary<string, CustomSamplerFactory> { ["raise"] = _ => new Raise() });
        var bound = new BoundPipeline(SamplerPipeline.Create(s => s.Custom("raise").Greedy()), binding, new SamplerWorkspacePool());
        var mask = new TokenMask(100);
        for (int token = 30; token < 80; token++)
        {
            mask.Add(token);
        }

        Assert.Equal(79, bound.Choose(new float[100], bound.CreateState([], 1, 0), TestConstraints.Tokens(mask)));
    }

    [Fact]
    public void Choose_InfillWouldEndTheAnswer_EndsItOnlyWhereThatIsLegal()
    {
        Vocabulary vocabulary = StageRun.Numbers(200);
        float[] row = new float[200];
        var mask = new TokenMask(200);
        for (int token = 10; token < 200; token++)
        {
            mask.Add(token);
        }

        TokenSampler Sampler(SequenceConstraint? constraint) => new(
            new BoundPipeline(SamplerPipeline.Create(s => s.LogitBias(new Dictionary<int, double> { [2] = double.NegativeInfinity }).Infill()), new SamplerBinding(vocabulary), new SamplerWorkspacePool()),
            [5], 1, 0, constraint);

        Assert.Equal(2, Sampler(null).Choose(row));
        Assert.Equal(10, Sampler(TestConstraints.Tokens(mask)).Choose(row));
    }

    [Fact]
    public void Choose_NoTokenLegal_NamesTheConstraintAndKeepsTheText()
    {
        // A vocabulary without the byte that must come next.
        var vocabulary = new Vocabulary(
            [new("<end>"u8.ToArray(), TokenAttributes.Control | TokenAttributes.EndOfGeneration), new("ab"u8.ToArray()), new("x"u8.ToArray())], new SpecialTokens { EndOfText = 0 });
        TokenSampler sampler = Sampler(vocabulary, "abc");
        sampler.Accept(sampler.Choose([5, 0, 5]));

        var error = Assert.Throws<ConstraintInfeasibleException>(() => sampler.Choose([5, 5, 5]));

        Assert.Equal(("pattern", "ab"), (error.Constraint, error.Text));
        Assert.Equal(
            "pattern cannot go on after 'ab': no token of the vocabulary goes on with a text that it allows. Loosen the constraint, or use a model whose tokens can spell such a text.",
            error.Message);
    }

    [Fact]
    public void Choose_LegalLogitsNotFinite_SaysSo()
    {
        TokenSampler sampler = Sampler(ScriptedVocabulary.Bytes(), "[ab]");
        float[] row = new float[258];
        row[ScriptedVocabulary.Byte('a')] = float.NaN;
        row[ScriptedVocabulary.Byte('b')] = float.NegativeInfinity;

        Assert.Equal(
            "pattern cannot go on after '': none of the logits of the 2 legal tokens is finite. Check the model file and its numeric formats.",
            Assert.Throws<ConstraintInfeasibleException>(() => sampler.Choose(row)).Message);
    }

    [Fact]
    public void Infeasible_LongText_ShowsItsEndAndKeepsAll()
    {
        var error = new ConstraintInfeasibleException("c", new string('a', 150) + "b", "Problem.");

        Assert.Equal(151, error.Text.Length);
        Assert.Equal($"c cannot go on after '…{new string('a', 99)}b': Problem.", error.Message);
    }

    [Fact]
    public void Accept_IllegalToken_IsRefusedAndChangesNothing()
    {
        TokenSampler sampler = Sampler(ScriptedVocabulary.Bytes(), "ab");

        var error = Assert.Throws<ArgumentException>(() => sampler.Accept(ScriptedVocabulary.Byte('b')));

        Assert.StartsWith("Token 100 is not legal under pattern. Accept tokens of its mask only.", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, sampler.Tokens.Length);
        Assert.Equal(ScriptedVocabulary.Byte('a'), sampler.Choose(new float[258]));
    }

    [Fact]
    public void Rollback_AndFork_MoveTheConstraintToo()
    {
        float[] row = new float[258];
        TokenSampler sampler = Sampler(ScriptedVocabulary.Bytes(), "abc", rollback: 4);
        sampler.Accept(sampler.Choose(row));
        TokenSampler fork = sampler.Fork();
        sampler.Accept(sampler.Choose(row));
        Assert.Equal(ScriptedVocabulary.Byte('c'), sampler.Choose(row));

        sampler.Rollback(2);

        Assert.Equal(ScriptedVocabulary.Byte('a'), sampler.Choose(row));
        Assert.Equal(ScriptedVocabulary.Byte('b'), fork.Choose(row));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(2000)]
    public void Choose_UnderAMask_AllocatesNothing(int legal)
    {
        Vocabulary vocabulary = StageRun.Numbers(3000);
        var bound = new BoundPipeline(SamplerPipeline.Balanced, new SamplerBinding(vocabulary), new SamplerWorkspacePool());
        SamplerState state = bound.CreateState([5], 1, 0);
        var mask = new TokenMask(3000);
        for (int token = 0; token < legal; token++)
        {
            mask.Add(token);
        }

        SequenceConstraint constraint = TestConstraints.Tokens(mask);
        float[] row = [.. Enumerable.Range(0, 3000).Select(i => (float)Math.Sin(i))];
        for (int i = 0; i < 500; i++)
        {
            bound.Choose(row, state, constraint);
        }

        Allocations.AssertNoneEachTime(1000, () => bound.Choose(row, state, constraint));
    }

    private static TokenSampler Sampler(Vocabulary vocabulary, string pattern, int rollback = 0) => new(
        new BoundPipeline(SamplerPipeline.Deterministic, new SamplerBinding(vocabulary), new SamplerWorkspacePool()), [1], 1, rollback, TestConstraints.Regex(vocabulary, pattern));

    /// <summary>Three tokens, or what went wrong.</summary>
    private static string Answer(float[] row, SamplerPipeline pipeline, ulong seed, SequenceConstraint? constraint)
    {
        Vocabulary vocabulary = StageRun.Numbers(row.Length);
        try
        {
            var bound = new BoundPipeline(pipeline, new SamplerBinding(vocabulary), new SamplerWorkspacePool());
            var sampler = new TokenSampler(bound, [LogitRows.Ranking(row)[0]], seed, 0, constraint);
            int[] tokens = new int[3];
            for (int step = 0; step < tokens.Length; step++)
            {
                tokens[step] = sampler.Choose(row);
                sampler.Accept(tokens[step]);
            }

            return string.Join(',', tokens);
        }
        catch (LlamaException error)
        {
            return error.Message;
        }
    }

    private sealed class Raise : ICustomSampler
    {
        public void Apply(in CustomSamplerContext context, ReadOnlySpan<int> tokens, Span<float> logits)
        {
            for (int index = 0; index < tokens.Length; index++)
            {
                logits[index] = tokens[index];
            }
        }
    }
}
