using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Drafts;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Strategies.Speculative.DraftModel;
using LlamaProvider.TestSupport;
using LlamaProvider.TestSupport.Sampling;

namespace LlamaProvider.ModelTests.Speculation;

/// <summary>Short answers of the embedded pair with drafts, against the probabilities that the model alone gives them.</summary>
public sealed class SpeculationDistributionTests(SpeculationDistributionTests.Pair pair) : IClassFixture<SpeculationDistributionTests.Pair>
{
    private const int Tokens = 4;
    private const int AtOnce = 16;
    private const string Others = " …";
    private const string Schema = """{"type":"integer","minimum":1,"maximum":999}""";

    /// <summary>Tokens of which any adjective may follow, and of which any number may.</summary>
    private const string Story = "<|im_start|>user\nTell me a story.<|im_end|>\n<|im_start|>assistant\nOnce upon a time, a";
    private const string Number = "<|im_start|>user\nWhat is 17 + 25?<|im_end|>\n<|im_start|>assistant\n";

    public static TheoryData<string> Settings { get; } = ["temperature 0.7", "temperature 1.3", "top-p", "penalties", "schema"];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Answers_WithDrafts_AreDistributedAsWithout(string setting) => Check(setting, rounds: 2_400);

    [Theory]
    [Trait("Category", "Reference")]
    [MemberData(nameof(Settings))]
    public void Answers_WithDrafts_AreDistributedAsWithoutInManyRounds(string setting) => Check(setting, rounds: 20_000);

    /// <summary>A drawn token is accepted with probability Σ min(p, q): within five standard deviations.</summary>
    [Theory]
    [InlineData(0.7)]
    [InlineData(1.0)]
    [InlineData(1.3)]
    public void Verify_DrawnTokens_AcceptsTheOverlapOfBothDistributions(double temperature)
    {
        const int Draws = 4_000;
        int[] text = pair.Model.Encode($"{Story} brave dragon named Tom lived in a");
        for (int length = text.Length - 6; length <= text.Length; length += 2)
        {
            int[] prefix = text[..length];
            (float[] p, float[] q) = (pair.Model.Row(prefix), pair.Draft.Row(prefix));
            double overlap = Softmax(p, temperature).Zip(Softmax(q, temperature), Math.Min).Sum();
            TokenSampler sampler = Sampler(SamplerPipeline.Create(s => s.Temperature(temperature)), prefix, 1, null);
            var random = new Xoshiro256(99);
            var distribution = new DraftDistribution();
            int accepted = 0;
            for (int draw = 0; draw < Draws; draw++)
            {
                int drafted = sampler.Draft(q, ref random, 0, distribution)!.Value;
                accepted += sampler.Verify(p, drafted, distribution) == drafted ? 1 : 0;
            }

            double deviation = Math.Sqrt(overlap * (1 - overlap) / Draws);
            Assert.InRange((double)accepted / Draws, overlap - (5 * deviation) - 1e-4, overlap + (5 * deviation) + 1e-4);
        }
    }

    private void Check(string setting, int rounds)
    {
        int[] prompt = pair.Model.Encode(setting == "schema" ? Number : Story);
        TokenSampler First(ulong seed) => Sampler(Pipeline(setting), prompt, seed, setting == "schema" ? pair.Constrain() : null);
        Dictionary<string, double> cells = [];
        AddCells(First(0), prompt.Length, 1, 5.0 / rounds, cells);
        var counts = cells.Keys.ToDictionary(cell => cell, _ => 0);
        Dictionary<string, int> drawn = Draw(First, rounds, out int drafted, out int accepted);
        foreach ((string answer, int count) in drawn)
        {
            counts[CellOf(answer, cells)] += count;
        }

        // Cells that are seldom met are one cell.
        string[] likely = [.. cells.Keys.Where(cell => cells[cell] * rounds >= 5)];
        string[] seldom = [.. cells.Keys.Except(likely)];
        List<double> probabilities = [.. likely.Select(cell => cells[cell])];
        List<int> observed = [.. likely.Select(cell => counts[cell])];
        if (seldom.Sum(cell => cells[cell]) is double rest && rest * rounds >= 5)
        {
            probabilities.Add(rest);
            observed.Add(seldom.Sum(cell => counts[cell]));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{observed.Count} cells, {Statistics.ChiSquare(observed, probabilities)}, {accepted} of {drafted} accepted.");
        Assert.Equal(1, cells.Values.Sum(), 1e-4);
        Assert.True(likely.Length >= 5, $"{likely.Length} cells are likely, so this proves nothing.");
        Assert.True(accepted > rounds / 4 && accepted < drafted, $"{accepted} of {drafted} tokens were accepted.");
        Assert.InRange(Statistics.ChiSquare(observed, probabilities), 0, Statistics.ChiSquareLimit(observed.Count - 1));
    }

    private Dictionary<string, int> Draw(Func<ulong, TokenSampler> sampler, int rounds, out int drafted, out int accepted)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        (drafted, accepted) = (0, 0);
        using var drafts = new DraftModelContext(pair.Draft.Model, new ContextOptions { ContextLength = 2048, Sequences = AtOnce, BatchTokens = 64 });
        for (int round = 0; round < rounds; round += AtOnce)
        {
            using IModelContext context = pair.Model.Model.CreateContext(new ContextOptions { ContextLength = 2048, Sequences = AtOnce, BatchTokens = 512, Outputs = 64 });
            using var loop = new SpeculationLoop(pair.Model.Model, context);
            var requests = new List<(GenerationRequest Request, Speculator Speculator)>();
            for (int i = 0; i < AtOnce; i++)
            {
                ulong seed = (ulong)(round + i);
                Speculator speculator = SpeculationLoop.Speculate(new ModelDrafter(drafts, pair.Model.Model.Vocabulary.Count, seed + 1_000_000, 0), Tokens);
                requests.Add((loop.Submit(sampler(seed), Tokens, speculator), speculator));
            }

            loop.RunToEnd();
            foreach ((GenerationRequest request, Speculator speculator) in requests)
            {
                string answer = string.Join(' ', SpeculationLoop.Read(request));
                counts[answer] = counts.GetValueOrDefault(answer) + 1;
                drafted += speculator.Statistics.DraftedTokens;
                accepted += speculator.Statistics.AcceptedTokens;
            }
        }

        return counts;
    }

    /// <summary>
    /// Divides all answers into cells with their probabilities, one token after the other and without drafts: answers that are likely enough to be counted, and behind each likely beginning all others together.
    /// </summary>
    private void AddCells(TokenSampler at, int promptLength, double probability, double least, Dictionary<string, double> cells)
    {
        var distribution = new DraftDistribution();
        var random = new Xoshiro256(1);
        at.Draft(pair.Model.Row(at.Tokens), ref random, 0, distribution);
        Vocabulary vocabulary = pair.Model.Model.Vocabulary;
        string beginning = Text(at, promptLength);
        double others = probability;
        for (int token = 0; token < vocabulary.Count; token++)
        {
            double chance = probability * distribution[token];
            if (chance < least)
            {
                continue;
            }

            others -= chance;
            TokenSampler next = at.Fork();
            if (vocabulary.IsEndOfGeneration(token))
            {
                // Several tokens end an answer.
                cells[beginning] = cells.GetValueOrDefault(beginning) + chance;
                continue;
            }

            next.Accept(token);
            if (next.Tokens.Length - promptLength < Tokens && !next.MustEnd)
            {
                AddCells(next, promptLength, chance, least, cells);
            }
            else
            {
                cells[Text(next, promptLength)] = chance;
            }
        }

        cells[beginning + Others] = Math.Max(0, others);
    }

    private static string CellOf(string answer, Dictionary<string, double> cells)
    {
        string beginning = answer;
        if (cells.ContainsKey(answer))
        {
            return answer;
        }

        while (!cells.ContainsKey(beginning + Others))
        {
            beginning = beginning[..Math.Max(0, beginning.LastIndexOf(' '))];
        }

        return beginning + Others;
    }

    private static string Text(TokenSampler sampler, int promptLength) => string.Join(' ', sampler.Tokens[promptLength..].ToArray());

    private TokenSampler Sampler(SamplerPipeline pipeline, int[] prompt, ulong seed, SequenceConstraint? constraint) => new(
        new BoundPipeline(pipeline, new SamplerBinding(pair.Model.Model.Vocabulary), pair.Workspaces), prompt, seed, Tokens, constraint);

    private static SamplerPipeline Pipeline(string setting) => setting switch
    {
        "temperature 0.7" => SamplerPipeline.Create(s => s.Temperature(0.7)),
        "top-p" => SamplerPipeline.Create(s => s.TopP(0.9).Temperature(1)),
        "penalties" => SamplerPipeline.Create(s => s.Penalties(1.3, 0.4, 0.4).Temperature(0.9)),
        _ => SamplerPipeline.Create(s => s.Temperature(1.3)),
    };

    private static double[] Softmax(float[] logits, double temperature)
    {
        double most = logits.Max();
        double[] weights = [.. logits.Select(logit => Math.Exp((logit - most) / temperature))];
        double total = weights.Sum();
        return [.. weights.Select(weight => weight / total)];
    }

    /// <summary>Both models with what they have computed, for all tests of the class.</summary>
    public sealed class Pair : IDisposable
    {
        private readonly Lazy<ICompiledConstraint> _schema;

        public Pair() => _schema = new Lazy<ICompiledConstraint>(() => new JsonSchemaDefinition(Schema, JsonSchemaOptions.Default)
            .Compile(new ConstraintVocabulary(Model.Model.Vocabulary), ConstraintLimits.Default));

        internal RememberedRows Model { get; } = new(TestFiles.PocketChat);

        internal RememberedRows Draft { get; } = new(TestFiles.PocketDraft);

        internal SamplerWorkspacePool Workspaces { get; } = new();

        internal SequenceConstraint Constrain() => new("schema", _schema.Value.CreateMatcher(null));

        public void Dispose()
        {
            Model.Dispose();
            Draft.Dispose();
        }
    }
}
