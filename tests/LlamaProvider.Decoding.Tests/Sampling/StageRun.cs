using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.Stages;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Tests.Sampling;

/// <summary>One pipeline on one row of logits: what is left, with a history before it.</summary>
internal static class StageRun
{
    /// <summary>Tokens "0", "1", …; token 2 ends a generation.</summary>
    public static Vocabulary Numbers(int count) => new(
        Enumerable.Range(0, count).Select(i => new VocabularyEntry(
            System.Text.Encoding.ASCII.GetBytes($"{i} "), i == 2 ? TokenAttributes.EndOfGeneration | TokenAttributes.Control : TokenAttributes.None)),
        new SpecialTokens { EndOfText = Math.Min(2, count - 1) });

    /// <summary>The logits of all tokens afterwards; negative infinity for those that are gone.</summary>
    public static float[] Apply(SamplerStage stage, float[] logits, int[]? history = null, int promptLength = 0, Vocabulary? vocabulary = null, ulong seed = 1) =>
        Apply(new SamplerPipeline([stage]), logits, history, promptLength, vocabulary, seed);

    public static float[] Apply(SamplerPipeline pipeline, float[] logits, int[]? history = null, int promptLength = 0, Vocabulary? vocabulary = null, ulong seed = 1)
    {
        history ??= [];
        vocabulary ??= Numbers(logits.Length);
        var bound = new BoundPipeline(pipeline, new SamplerBinding(vocabulary), new SamplerWorkspacePool());
        SamplerState state = bound.CreateState(history.AsSpan(0, promptLength), seed, rollbackTokens: 0);
        foreach (int token in history.AsSpan(promptLength))
        {
            state.Accept(token);
        }

        float[] before = [.. logits];
        var candidates = new Candidates(logits, new SamplerWorkspace());
        bound.Run(ref candidates, state);
        Assert.Equal(before, logits);

        float[] result = new float[logits.Length];
        Array.Fill(result, float.NegativeInfinity);
        for (int index = 0; index < candidates.Count; index++)
        {
            Assert.True(index == 0 || candidates.TokenAt(index) > candidates.TokenAt(index - 1), "The tokens are not in ascending order.");
            result[candidates.TokenAt(index)] = candidates.Logits[index];
        }

        return result;
    }

    /// <summary>The tokens that a stage keeps of a whole vocabulary or, on request, of a list that holds all finite ones.</summary>
    public static int[] Kept(SamplerStage stage, float[] logits, bool asList = false) =>
        Kept(Apply(new SamplerPipeline(asList ? [new EpsilonCutoffStage(1e-300), stage] : [stage]), logits));

    /// <summary>The tokens that are left.</summary>
    public static int[] Kept(float[] logits) => [.. Enumerable.Range(0, logits.Length).Where(i => float.IsFinite(logits[i]))];

    public static double[] Softmax(float[] logits)
    {
        float largest = logits.Where(float.IsFinite).Max();
        double[] weights = [.. logits.Select(l => float.IsFinite(l) ? Math.Exp(l - (double)largest) : 0)];
        double total = weights.Sum();
        return [.. weights.Select(w => w / total)];
    }
}
