using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies.Speculative.DraftModel;
using LlamaProvider.Decoding.Strategies.Speculative.PromptLookup;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

/// <summary>Never slower, and near what acceptance and costs allow.</summary>
public sealed class SimulatedSpeedTests
{
    private const double Step = 0.01;
    private const int FirstPrompt = 60;

    /// <summary>With acceptance a and drafts of k, a step gives (1 − a^(k+1)) / (1 − a) tokens and takes T(1 + k) + k·D; the best k is the bound.</summary>
    [Theory]
    [InlineData(0.95, 0.05, 0.1)]
    [InlineData(0.9, 0.3, 0.2)]
    [InlineData(0.8, 0.05, 0.1)]
    [InlineData(0.6, 0.1, 0.1)]
    [InlineData(0.5, 0.4, 0.3)]
    [InlineData(0.2, 0.2, 0.2)]
    [InlineData(0.0, 0.5, 0.5)]
    [InlineData(0.9, 0.9, 0.4)]
    public void DraftModel_AnyAcceptanceAndCosts_ReachesItsBoundAndIsNeverSlower(double acceptance, double further, double draft)
    {
        ScriptedModel model = ScriptedModel.PseudoRandom(SimulatedSpeed.Words);
        ScriptedModel drafts = RightSometimes(model, acceptance);
        using var context = new DraftModelContext(drafts, new ContextOptions { ContextLength = 500, Sequences = 2, BatchTokens = 64 });
        double speed = new SimulatedSpeed(Step, further * Step).Measure(model, Prompt, (_, advance) =>
        {
            // The prompt's tokens take as long in the draft model as in a batch of the model.
            drafts.Faults.BeforeToken = index => advance(Step * (index == 0 ? draft : draft * further));
            return new ModelDrafter(context, SimulatedSpeed.Words.Count, 1, 0);
        }, maxTokens: 8);

        double bound = Enumerable.Range(0, 9).Max(k => (1 - Math.Pow(acceptance, k + 1)) / (1 - acceptance) / (1 + (further * k) + (draft * k)));
        Assert.True(speed >= 0.9 * bound && speed >= 0.98, $"{speed:0.000} times as fast, and {bound:0.000} were possible.");
    }

    /// <summary>Drafts that pay are taken up though the first one after a pause takes three times as long, as on a machine whose caches are cold by then.</summary>
    [Fact]
    public void DraftModel_FirstDraftAfterAPauseIsDear_IsTakenUpWhenTextsBecomePredictable()
    {
        const double Further = 0.2;
        const double Draft = 0.3;
        const int Unpredictable = 8;
        ScriptedModel model = ScriptedModel.PseudoRandom(SimulatedSpeed.Words);
        ScriptedModel drafts = RightSometimes(model, prefix => prefix[1] - FirstPrompt < Unpredictable ? 0 : 0.95);
        using var context = new DraftModelContext(drafts, new ContextOptions { ContextLength = 500, Sequences = 2, BatchTokens = 64 });
        double speed = new SimulatedSpeed(Step, Further * Step).Measure(model, Prompt, (time, advance) =>
        {
            long latest = 0;
            drafts.Faults.BeforeToken = index =>
            {
                bool isCold = time.GetElapsedTime(latest) > TimeSpan.FromSeconds(1.8 * Step);
                advance(Step * (index == 0 ? Draft * (isCold ? 3 : 1) : Draft * Further));
                latest = time.GetTimestamp();
            };
            return new ModelDrafter(context, SimulatedSpeed.Words.Count, 1, 0);
        }, maxTokens: 1);

        double predictable = 1 - ((double)Unpredictable / SimulatedSpeed.Requests);
        double bound = 1 / ((1 - predictable) + (predictable * (1 + Further + Draft) / 1.95));
        Assert.True(speed >= 0.92 * bound, $"{speed:0.000} times as fast, and {bound:0.000} were possible.");
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void PromptLookup_NothingRepeats_IsNotSlower(double further)
    {
        ScriptedModel model = ScriptedModel.PseudoRandom(SimulatedSpeed.Words);

        double speed = new SimulatedSpeed(Step, further * Step).Measure(model, Prompt, (_, _) => new PromptLookupDrafter(1), maxTokens: 16);

        Assert.InRange(speed, 0.98, 1.1);
    }

    [Fact]
    public void PromptLookup_AnswerCopies_IsThreeTimesAsFast()
    {
        const string Text = "the quick brown fox jumps over the lazy dog, and then it runs";
        ScriptedModel model = ScriptedModel.Answering(SimulatedSpeed.Words, _ => Text);
        int[] prompt = [.. model.Tokenizer.EncodeText(Text), 1];

        double speed = new SimulatedSpeed(Step, 0.1 * Step).Measure(model, _ => prompt, (_, _) => new PromptLookupDrafter(2), maxTokens: 16);

        Assert.InRange(speed, 3, 10);
    }

    /// <summary>
    /// After answers that copy, some that are made of pieces of the prompt: most of one or two tokens, a few long ones. Drafts that
    /// are long because those of others were right would lose most of what the long ones win.
    /// </summary>
    [Theory]
    [InlineData(0.1, 1.6)]
    [InlineData(0.5, 1)]
    public void PromptLookup_TextsStopCopying_DraftsNoLongerThanMatchesAreWorth(double further, double least)
    {
        string text = new([.. Enumerable.Range('0', 64).Select(static letter => (char)letter)]);
        int[] lengths = [1, 2, 2, 12, 1, 2, 1, 2, 9, 2, 1, 1, 2, 12, 2, 1, 2, 2, 1];
        string pieces = string.Concat(lengths.Select((length, index) => text.Substring(index * 37 % (text.Length - 12), length)));
        double Measure(Func<int, bool> copies)
        {
            ScriptedModel model = ScriptedModel.Answering(SimulatedSpeed.Words, prompt => prompt.StartsWith('c') ? text : pieces);
            int[] PromptOf(int number) => [.. model.Tokenizer.EncodeText((copies(number) ? "c" : "p") + text), 1];
            return new SimulatedSpeed(Step, further * Step).Measure(model, PromptOf, (_, _) => new PromptLookupDrafter(1), maxTokens: 16);
        }

        double copying = Measure(static _ => true);
        double both = Measure(static number => number < SimulatedSpeed.Requests / 2);

        double other = 1 / ((2 / both) - (1 / copying));
        Assert.True(copying > 1.2 && other >= least, $"{copying:0.000} times as fast where it copies, {other:0.000} where it does not.");
    }

    private static int[] Prompt(int number) => [1, FirstPrompt + number, 61, 62, 63];

    private static ScriptedModel RightSometimes(ScriptedModel model, double share) => RightSometimes(model, _ => share);

    /// <summary>A draft model that says what the model says at a share of the places.</summary>
    private static ScriptedModel RightSometimes(ScriptedModel model, Func<ReadOnlySpan<int>, double> share) => new(model.Vocabulary, (prefix, logits) =>
    {
        model.Logits(prefix, logits);
        if (new Random(Fixed(prefix)).NextDouble() >= share(prefix))
        {
            logits[logits.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max(logits))] = -1;
        }
    });

    private static int Fixed(ReadOnlySpan<int> prefix)
    {
        int seed = 17;
        foreach (int token in prefix)
        {
            seed = unchecked((seed * 31) + token);
        }

        return seed;
    }
}
