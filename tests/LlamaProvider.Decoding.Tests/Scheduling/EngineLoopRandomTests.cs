using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

/// <summary>
/// Random requests that come, are read slowly, are cancelled and fail, on a memory far too small: each ends once and truthfully, nothing is lost or
/// repeated, and no cell is lost. Invariants are checked after every step.
/// </summary>
public sealed class EngineLoopRandomTests
{
    private const int Requests = 2000;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 6)]
    [InlineData(3, 6, 200_000)]
    public void Step_RandomRequestsWithFaults_EachEndsOnceAndTruthfully(ulong seed, int keptSequences, long spillBytes = 0)
    {
        var model = new ScriptedModel(ScriptedVocabulary.Bytes(), ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()).Logits) { Adapters = ["a", "b"] };
        AdapterSet[] sets = [AdapterSet.None, AdapterSet.None, new([new("a", 1)]), new([new("a", 1), new("b", 2)])];
        var loop = new TestLoop(model, sequences: 5, cells: 120, batchTokens: 24, keptSequences, spillBytes);
        var random = new Workload(seed);
        var live = new List<Client>();
        var asked = new List<int[]>();
        var reasons = new Dictionary<GenerationEndReason, int>();
        int submitted = 0;
        int cached = 0;
        for (int step = 0; submitted < Requests || live.Count > 0; step++)
        {
            Assert.True(step < 400_000, "The loop does not end.");
            while (submitted < Requests && live.Count < 12 && random.Chance(0.5))
            {
                int[] prompt = spillBytes > 0 && asked.Count > 0 && random.Chance(0.5) ? asked[random.Next(0, asked.Count)] : random.Prompt();
                asked.Add(prompt);
                int count = random.Next(1, 30);
                live.Add(new Client(loop.Submit(prompt, count, capacity: random.Next(1, 40), adapters: sets[random.Next(0, sets.Length)]), prompt, count));
                submitted++;
            }

            if (random.Chance(0.003))
            {
                model.Faults.Next.Enqueue(random.Chance(0.5) ? EvaluationStatus.Failed : random.Chance(0.5) ? EvaluationStatus.NoSlot : EvaluationStatus.Aborted);
            }

            if (live.Count > 0 && random.Chance(0.02))
            {
                live[random.Next(0, live.Count)].Cancel();
            }

            loop.Engine.Step();
            foreach (Client client in live.Where(_ => random.Chance(0.3)).ToList())
            {
                if (client.Read() is { } end)
                {
                    client.Check(end, loop);
                    reasons[end.Reason] = reasons.GetValueOrDefault(end.Reason) + 1;
                    cached += client.Request.CachedTokens;
                    live.Remove(client);
                }
            }
        }

        Assert.Equal(Requests, reasons.Values.Sum());
        Assert.All(
            [GenerationEndReason.TokenLimit, GenerationEndReason.Cancelled, GenerationEndReason.Failed], reason => Assert.True(reasons.GetValueOrDefault(reason) > 10, $"{reason} hardly occurred."));
        Assert.True(loop.SawPreemption, "Nothing was preempted, so this proves little.");
        Assert.True(keptSequences > 0 ? cached > 500 : cached == 0, $"{cached} tokens were cached.");
        Assert.Equal(loop.Engine.Context.Limits.Sequences - loop.Engine.Prefixes.Sequences.Count, loop.Engine.Prefixes.Pool.FreeCount);
        Assert.True(spillBytes == 0 || loop.Metrics.State.RestoredPrefixes > 20, $"{loop.Metrics.State.RestoredPrefixes} prefixes were restored.");
        loop.Engine.Prefixes.Clear();
        Assert.Equal(0, model.Faults.UsedCells);
    }

    private sealed class Client(GenerationRequest request, int[] prompt, int count)
    {
        private readonly List<int> _tokens = [];
        private bool _cancelled;

        public GenerationRequest Request => request;

        public void Cancel()
        {
            _cancelled = true;
            request.Cancel();
        }

        public GenerationEnd? Read()
        {
            (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
            _tokens.AddRange(tokens);
            return end;
        }

        public void Check(GenerationEnd end, TestLoop loop)
        {
            int[] expected = loop.ExpectedUntilEnd(prompt, count, request.Adapters);
            Assert.Equal(expected.Take(_tokens.Count), _tokens);
            switch (end.Reason)
            {
                case GenerationEndReason.TokenLimit:
                    Assert.Equal(count, _tokens.Count);
                    break;
                case GenerationEndReason.EndOfGeneration:
                    Assert.Equal(expected.Length, _tokens.Count);
                    Assert.True(expected.Length < count);
                    break;
                case GenerationEndReason.Cancelled:
                    Assert.True(_cancelled);
                    break;
                default:
                    Assert.IsType<EvaluationFailedException>(end.Error);
                    break;
            }
        }
    }

    /// <summary>Prompts that often begin alike.</summary>
    private sealed class Workload(ulong seed)
    {
        private static readonly int[] System = [.. Enumerable.Range(10, 25)];
        private Xoshiro256 _random = new(seed);

        public bool Chance(double probability) => _random.NextDouble() < probability;

        public int Next(int from, int to) => from + (int)(_random.NextDouble() * (to - from));

        public int[] Prompt() =>
        [
            .. Chance(0.6) ? System[..Next(5, System.Length)] : [],
            .. Enumerable.Range(0, Next(1, 30)).Select(_ => Next(2, 5)),
        ];
    }
}
