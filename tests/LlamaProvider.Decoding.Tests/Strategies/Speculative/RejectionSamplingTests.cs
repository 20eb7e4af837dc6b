using System.Text.Json;
using LlamaProvider.Decoding.Sampling.Drafts;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Tests.Sampling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

public sealed class RejectionSamplingTests
{
    public static TheoryData<string> Pipelines { get; } = [.. LetterModels.Pipelines];

    [Fact]
    public void Output_AnyPAndQ_IsDistributedAsP()
    {
        var random = new Random(5);
        for (int round = 0; round < 500; round++)
        {
            int size = random.Next(1, round < 400 ? 40 : 700);
            double[] p = RandomDistribution(random, size);
            double[] q = RandomDistribution(random, size);
            (double[] accept, double[] residual) = Apply(p, q, isWhole: round % 2 == 0);
            double rejected = q.Select((chance, i) => chance * (1 - accept[i])).Sum();

            double distance = p.Select((chance, i) => Math.Abs(chance - (q[i] * accept[i]) - (rejected * residual[i]))).Sum() / 2;
            Assert.InRange(distance, 0, 1e-6);
        }
    }

    /// <summary>Whole answers through pipeline and constraint, with every random decision counted out instead of drawn.</summary>
    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Answers_AllDraftsAndDecisions_AreDistributedAsWithoutDrafts(string name)
    {
        for (int length = 1; length <= 2; length++)
        {
            for (int salt = 1; salt < 3; salt++)
            {
                ScriptedModel model = LetterModels.Random(LetterModels.VocabularyOf(name), salt);
                ScriptedModel draft = LetterModels.Random(LetterModels.VocabularyOf(name), salt + 100);
                Dictionary<string, double> plain = LetterModels.Answers(model, LetterModels.Sampler(name, 1));
                Dictionary<string, double> speculative = LetterModels.SpeculativeAnswers(model, draft, LetterModels.Sampler(name, 1), length, out double accepted);

                Assert.Equal(1, plain.Values.Sum(), 1e-6);
                Assert.InRange(plain.Keys.Union(speculative.Keys).Sum(text => Math.Abs(plain.GetValueOrDefault(text) - speculative.GetValueOrDefault(text))) / 2, 0, 1e-6);
                Assert.InRange(accepted, 0.01, 1.001);
            }
        }
    }

    [Fact]
    [Trait("Category", "Reference")]
    public void Output_EveryReferenceRow_IsTheReferences()
    {
        int count = 0;
        foreach (JsonElement row in SamplingReference.Rows("speculative"))
        {
            count++;
            double[] p = Numbers(row, "p");
            double[] q = Numbers(row, "q");
            (double[] accept, double[] residual) = Apply(p, q);

            // What is never drawn is never decided about.
            Assert.All(Numbers(row, "accept").Zip(accept, q), x => Assert.True(x.Third == 0 || Math.Abs(x.First - x.Second) < 1e-6));
            Assert.Equal(row.GetProperty("expected_acceptance").GetDouble(), q.Zip(accept, (chance, a) => chance * a).Sum(), 1e-6);
            if (row.GetProperty("residual").ValueKind != JsonValueKind.Null)
            {
                Assert.All(Numbers(row, "residual").Zip(residual), x => Assert.Equal(x.First, x.Second, 1e-5));
            }
        }

        Assert.True(count > 0, "The reference has no rows.");
    }

    private static (double[] Accept, double[] Residual) Apply(double[] p, double[] q, bool isWhole = true)
    {
        int[] tokens = [.. Enumerable.Range(0, p.Length)];
        int[] drawn = isWhole ? tokens : [.. tokens.Where(token => q[token] > 0)];
        var distribution = new DraftDistribution();
        distribution.Set(drawn, [.. drawn.Select(token => (float)q[token])], 1);
        float[] weights = [.. p.Select(chance => (float)chance)];
        double total = RejectionSampling.ToResidual(tokens, weights, 1, distribution, new double[Softmax.BlockCount(tokens.Length)]);
        return (
            [.. p.Select((chance, token) => RejectionSampling.Acceptance(chance, distribution[token]))],
            [.. weights.Select(weight => total > 0 ? weight / total : 0)]);
    }

    private static double[] RandomDistribution(Random random, int size)
    {
        double[] weights = [.. Enumerable.Range(0, size).Select(i => i > 0 && random.Next(4) == 0 ? 0 : Math.Exp(6 * random.NextDouble()))];
        double total = weights.Sum();
        return [.. weights.Select(weight => weight / total)];
    }

    private static double[] Numbers(JsonElement row, string name) => [.. row.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
