using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Strategies.Speculative.DraftModel;
using LlamaProvider.Decoding.Tests.Sampling;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.TestSupport.Sampling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

/// <summary>Speculative sampling with a draft model through the engine loop: greedy answers are the same, drawn ones are distributed as without it.</summary>
public sealed class ModelDrafterTests
{
    private const int Tokens = LetterModels.Tokens;

    public static TheoryData<string> Pipelines { get; } = [.. LetterModels.Pipelines];

    /// <summary>All answers of three tokens, with the probability that the model and the pipeline give them, against 20,000 that were drafted.</summary>
    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Answers_WithDrafts_AreDistributedAsWithout(string name)
    {
        Vocabulary vocabulary = LetterModels.VocabularyOf(name);
        (ScriptedModel model, ScriptedModel draft) = (LetterModels.Random(vocabulary, 1), LetterModels.Random(vocabulary, 2));
        Dictionary<string, double> expected = LetterModels.Answers(model, LetterModels.Sampler(name, 1));
        Assert.Equal(1, expected.Values.Sum(), 1e-6);

        using var context = new DraftModelContext(draft, new ContextOptions { ContextLength = 200, Sequences = 4, BatchTokens = 64 });
        var counts = expected.Keys.ToDictionary(text => text, _ => 0);
        (int reached, int accepted) = (0, 0);
        const int Rounds = 20_000;
        for (int round = 0; round < Rounds; round += 4)
        {
            var loop = new TestLoop(model, cells: 100);
            Speculator[] speculators = [.. Enumerable.Range(round, 4).Select(i => SpeculativeRun.Speculate(new ModelDrafter(context, vocabulary.Count, (ulong)i + 1_000_000, 0)))];
            GenerationRequest[] requests = [.. speculators.Select((speculator, i) => loop.Submit(
                SpeculativeRun.Strategy(vocabulary, LetterModels.Sampler(name, (ulong)(round + i)), Tokens, speculator)))];
            loop.RunToEnd();
            foreach (GenerationRequest request in requests)
            {
                (List<int> tokens, Decoding.Strategies.GenerationEnd? end) = TestLoop.Read(request);
                Assert.Null(end!.Error);
                counts[vocabulary.GetText([.. tokens])]++;
            }

            reached += speculators.Sum(speculator => speculator.Statistics.ReachedByPosition.Sum());
            accepted += speculators.Sum(speculator => speculator.Statistics.AcceptedTokens);
        }

        Assert.True(accepted > Rounds / 10 && accepted < reached, $"{accepted} of {reached} tokens were accepted.");
        string[] texts = [.. expected.Keys.Where(text => expected[text] * Rounds >= 5)];
        double[] probabilities = [.. texts.Select(text => expected[text]), 1 - texts.Sum(text => expected[text])];
        int[] observed = [.. texts.Select(text => counts[text]), Rounds - texts.Sum(text => counts[text])];
        if (probabilities[^1] < 1e-9)
        {
            (probabilities, observed) = (probabilities[..^1], observed[..^1]);
        }

        Assert.InRange(Statistics.ChiSquare(observed, probabilities), 0, Statistics.ChiSquareLimit(observed.Length - 1));
    }

    [Fact]
    public void Greedy_AnyDraftModel_SaysTheSame()
    {
        Vocabulary words = ScriptedVocabulary.Bytes();
        ScriptedModel model = ScriptedModel.PseudoRandom(words);
        foreach (ScriptedModel draft in (ScriptedModel[])[ScriptedModel.PseudoRandom(words), LetterModels.Random(words, 4), Sometimes(model, words)])
        {
            using var context = new DraftModelContext(draft, new ContextOptions { ContextLength = 200, Sequences = 2, BatchTokens = 8 });
            for (int i = 0; i < 10; i++)
            {
                int[] prompt = [1, 80 + i, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90];
                var loop = new TestLoop(model);
                Speculator speculator = SpeculativeRun.Speculate(new ModelDrafter(context, words.Count, 1, 0));
                GenerationRequest request = loop.Submit(SpeculativeRun.Strategy(words, SpeculativeRun.Sampler(words, SamplerPipeline.Deterministic, prompt), 30, speculator));
                loop.RunToEnd();

                Assert.Equal(loop.ExpectedUntilEnd(prompt, 30), TestLoop.Read(request).Tokens);
                Assert.True(speculator.Statistics.DraftedTokens > 0);
                Assert.True(draft != model || speculator.Statistics.Acceptance == 1);
                Assert.Equal(2, context.FreeSequences);
            }
        }
    }

    [Fact]
    public void DraftModel_FailsMidWay_AnswerGoesOnAndNothingIsHeld()
    {
        Vocabulary words = ScriptedVocabulary.Bytes();
        ScriptedModel model = ScriptedModel.PseudoRandom(words);
        ScriptedModel draft = LetterModels.Random(words, 4);
        foreach (EvaluationStatus status in (EvaluationStatus[])[EvaluationStatus.Completed, EvaluationStatus.Completed, EvaluationStatus.Completed, EvaluationStatus.Failed])
        {
            draft.Faults.Next.Enqueue(status);
        }

        using var context = new DraftModelContext(draft, new ContextOptions { ContextLength = 200, Sequences = 1, BatchTokens = 64 });
        var failures = new List<string>();
        var loop = new TestLoop(model);
        GenerationRequest request = loop.Submit(SpeculativeRun.Strategy(
            words, SpeculativeRun.Sampler(words, SamplerPipeline.Deterministic, [1, 99]), 20,
            SpeculativeRun.Speculate(new ModelDrafter(context, words.Count, 1, 0), failed: (_, error) => failures.Add(error.Message))));
        loop.RunToEnd();

        Assert.Equal(loop.ExpectedUntilEnd([1, 99], 20), TestLoop.Read(request).Tokens);
        Assert.Equal(["The back end failed to evaluate 1 tokens with the draft model (Failed); the log has its reason."], failures);
        Assert.Equal((0, 1), (draft.Faults.UsedCells, context.FreeSequences));
    }

    [Fact]
    public void Requests_MoreThanSequencesAndPreempted_SayTheSameAndLeaveNothing()
    {
        Vocabulary words = ScriptedVocabulary.Bytes();
        ScriptedModel model = ScriptedModel.PseudoRandom(words);
        ScriptedModel draft = Sometimes(model, words);
        using var context = new DraftModelContext(draft, new ContextOptions { ContextLength = 60, Sequences = 2, BatchTokens = 64 });
        var loop = new TestLoop(model, cells: 90, batchTokens: 32);
        int[][] prompts = [.. Enumerable.Range(0, 5).Select(i => (int[])[1, 60 + i, 61, 62])];
        GenerationRequest[] requests = [.. prompts.Select(prompt => loop.Submit(SpeculativeRun.Strategy(
            words, SpeculativeRun.Sampler(words, SamplerPipeline.Deterministic, prompt), 40, SpeculativeRun.Speculate(new ModelDrafter(context, words.Count, 1, 0)))))];
        requests[4].Cancel();
        loop.RunToEnd();

        Assert.True(loop.SawPreemption, "Nothing was preempted, so this proves nothing.");
        Assert.All(prompts.Take(4).Zip(requests), pair => Assert.Equal(loop.ExpectedUntilEnd(pair.First, 40), TestLoop.Read(pair.Second).Tokens));
        Assert.Equal(2, context.FreeSequences);
        Assert.True(context.HasRoom(60), "What no request has is not emptied for others.");
        Assert.Equal(0, draft.Faults.UsedCells);
    }

    [Fact]
    public void Request_BeginsAsOneBefore_EvaluatesOnlyTheRest()
    {
        Vocabulary words = ScriptedVocabulary.Bytes();
        ScriptedModel model = ScriptedModel.PseudoRandom(words);
        ScriptedModel draft = ScriptedModel.PseudoRandom(words);
        using var context = new DraftModelContext(draft, new ContextOptions { ContextLength = 200, Sequences = 2, BatchTokens = 64 });
        int[] prompt = [1, .. Enumerable.Range(50, 40)];
        for (int turn = 0; turn < 2; turn++)
        {
            draft.Faults.BatchSizes.Clear();
            var loop = new TestLoop(model);
            loop.Submit(SpeculativeRun.Strategy(
                words, SpeculativeRun.Sampler(words, SamplerPipeline.Deterministic, prompt), 10, SpeculativeRun.Speculate(new ModelDrafter(context, words.Count, 1, 0))));
            loop.RunToEnd();

            // The first output comes without a draft, so the prompt and one token are there to be read.
            Assert.Equal(turn == 0 ? 41 : 1, draft.Faults.BatchSizes[0]);
            prompt = [.. prompt, .. loop.ExpectedUntilEnd(prompt, 2)];
        }
    }

    [Fact]
    public void Request_CancelledBehindADraft_GivesItsDraftSequenceBack()
    {
        Vocabulary words = ScriptedVocabulary.Bytes();
        ScriptedModel model = ScriptedModel.PseudoRandom(words);
        using var context = new DraftModelContext(ScriptedModel.PseudoRandom(words), new ContextOptions { ContextLength = 200, Sequences = 1, BatchTokens = 64 });
        var loop = new TestLoop(model);
        GenerationRequest request = loop.Submit(SpeculativeRun.Strategy(
            words, SpeculativeRun.Sampler(words, SamplerPipeline.Deterministic, [1, 99]), 100, SpeculativeRun.Speculate(new ModelDrafter(context, words.Count, 1, 0))));
        for (int step = 0; step < 3; step++)
        {
            loop.Engine.Step();
        }

        Assert.Equal(0, context.FreeSequences);
        request.Cancel();
        loop.Engine.Step();

        Assert.Equal(Decoding.Strategies.GenerationEndReason.Cancelled, TestLoop.Read(request).End!.Reason);
        Assert.Equal((1, loop.Engine.Context.Limits.Cells), (context.FreeSequences, loop.Engine.Context.FreeCells));
    }

    [Fact]
    public void Vocabulary_Differs_SaysWhere()
    {
        Vocabulary words = ScriptedVocabulary.Bytes("one", "two");

        Assert.Null(DraftVocabulary.FindDifference(words, ScriptedVocabulary.Bytes("one")));
        Assert.Equal("token 259 is 'tow' and the model's is 'two'", DraftVocabulary.FindDifference(words, ScriptedVocabulary.Bytes("one", "tow")));
        Assert.Equal(
            "it has 458 tokens and the model 260, but the numbers may differ by 128 at most",
            DraftVocabulary.FindDifference(words, ScriptedVocabulary.Bytes([.. Enumerable.Range(0, 200).Select(i => $"{i}")])));
    }

    /// <summary>A draft model that is right for two of three prefixes.</summary>
    private static ScriptedModel Sometimes(ScriptedModel model, Vocabulary vocabulary) => new(vocabulary, (prefix, logits) =>
    {
        model.Logits(prefix, logits);
        logits[50] = prefix.Length % 3 == 0 ? 100 : logits[50];
    });
}
