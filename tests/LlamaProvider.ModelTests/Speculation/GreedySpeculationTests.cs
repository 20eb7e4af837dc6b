using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Strategies.Speculative.DraftModel;
using LlamaProvider.Decoding.Strategies.Speculative.PromptLookup;
using LlamaProvider.Native;
using LlamaProvider.TestSupport;
using LlamaProvider.TestSupport.Sampling;

namespace LlamaProvider.ModelTests.Speculation;

/// <summary>Greedy answers with drafts are those without, but where the two best tokens are nearer to each other than a batch of another shape moves them.</summary>
public sealed class GreedySpeculationTests
{
    private static readonly string[] Questions =
    [
        .. "France Italy Spain Germany Norway Austria Poland Greece Japan Egypt Peru Canada Cuba Kenya Chile Iran".Split(' ').Select(country => $"What is the capital of {country}?"),
        .. "dragon cat robot fox king girl bear bird wizard mouse sailor baker wolf horse knight frog".Split(' ').Select(hero => $"Tell me a story about a {hero}."),
        .. "Anna Tom Lena Max Julia Ben Clara Paul Nina Leo Emma Jack Sara Finn Mia Otto".Split(' ').Select((name, i) =>
            $"Repeat this text exactly: {name} visited the old library on a rainy day. A ticket for the old library costs {i + 3} euros."),
        .. "Paris Rome Oslo Berlin Madrid Vienna Athens Lisbon Dublin Prague Warsaw Cairo Tokyo Lima Havana Bern".Split(' ').Select((city, i) =>
            $"Extract name, age, city as JSON: Alice Smith is {30 + i} years old, lives in {city}, works as a baker and is good at chess."),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pocket_WithDrafts_SaysTheSame(bool lookup)
    {
        using LlamaCppModel draft = Load(TestFiles.PocketDraft);
        using var drafts = new DraftModelContext(draft, new ContextOptions { ContextLength = 512, Sequences = 1, BatchTokens = 256, Threads = 1 });
        Check(TestFiles.PocketChat, 40, model => lookup ? new PromptLookupDrafter(1) : new ModelDrafter(drafts, model.Vocabulary.Count, 1, 0));
    }

    [Fact]
    [Trait("Category", "Reference")]
    public void SmolLM2_WithLookup_SaysTheSame() =>
        Check(TestFiles.RequireModel("smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"), 24, _ => new PromptLookupDrafter(1));

    private static void Check(string path, int maxTokens, Func<LlamaCppModel, IDrafter> drafter)
    {
        Assert.Equal(64, Questions.Distinct().Count());
        using LlamaCppModel model = Load(path);
        using IModelContext context = model.CreateContext(new ContextOptions { ContextLength = 1024, Sequences = 1, BatchTokens = 512, Outputs = 16, Threads = 1 });
        (int drafted, int accepted, int nearTies) = (0, 0, 0);
        foreach (string question in Questions)
        {
            int[] prompt = [.. model.Tokenizer.EncodeMarkup($"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n")];
            int[] plain = Answer(context, model, prompt, maxTokens, new Speculator([], TimeProvider.System));
            Speculator speculator = SpeculationLoop.Speculate(drafter(model), 5);
            int[] answer = Answer(context, model, prompt, maxTokens, speculator);
            drafted += speculator.Statistics.DraftedTokens;
            accepted += speculator.Statistics.AcceptedTokens;

            int same = plain.AsSpan().CommonPrefixLength(answer);
            if (same < plain.Length || same < answer.Length)
            {
                nearTies++;
                AssertNearTie(context, [.. prompt, .. plain[..same]], question);
            }
        }

        Assert.True(nearTies <= 8, $"{nearTies} of 64 answers differ.");
        Assert.True(accepted > 100 && accepted < drafted, $"{accepted} of {drafted} drafted tokens were accepted, so this proves little.");
    }

    private static int[] Answer(IModelContext context, LlamaCppModel model, int[] prompt, int maxTokens, Speculator speculator)
    {
        context.Drop(0);
        using var loop = new SpeculationLoop(model, context);
        GenerationRequest request = loop.Submit(SamplerPipeline.Deterministic.Create(model.Vocabulary, prompt, rollbackTokens: 8), maxTokens, speculator);
        loop.RunToEnd();
        return SpeculationLoop.Read(request);
    }

    /// <summary>How far the same logits lie apart when the tokens before them are evaluated one by one and all at once is how far a batch's shape moves them.</summary>
    private static void AssertNearTie(IModelContext context, int[] text, string question)
    {
        float[] atOnce = Row(context, text, text.Length);
        float[] oneByOne = Row(context, text, 1);
        float[] byFive = Row(context, text, 5);
        double noise = atOnce.Zip(oneByOne, (x, y) => Math.Abs(x - y)).Concat(atOnce.Zip(byFive, (x, y) => Math.Abs(x - y))).Max();
        float[] best = [.. oneByOne.OrderDescending().Take(2)];

        // Either of the two may move, and a state that was evaluated otherwise at many places may move them further.
        Assert.True(best[0] - best[1] <= 3 * noise, $"'{question}': the answers differ where the best tokens are {best[0] - best[1]} apart, and the noise is {noise}.");
    }

    private static float[] Row(IModelContext context, int[] text, int size)
    {
        context.Drop(0);
        var batch = new ModelBatch();
        for (int start = 0; start < text.Length; start += size)
        {
            batch.Clear();
            for (int i = start; i < Math.Min(text.Length, start + size); i++)
            {
                if (i == text.Length - 1)
                {
                    batch.AddOutput(text[i], i, 0);
                }
                else
                {
                    batch.Add(text[i], i, 0);
                }
            }

            Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
        }

        float[] row = context.GetLogits(0).ToArray();
        context.Drop(0);
        return row;
    }

    private static LlamaCppModel Load(string path) => LlamaCppModel.Load(path, new LlamaCppModelOptions(), null, CancellationToken.None);
}
