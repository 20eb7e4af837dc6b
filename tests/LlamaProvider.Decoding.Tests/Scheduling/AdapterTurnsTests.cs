using CsCheck;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;

namespace LlamaProvider.Decoding.Tests.Scheduling;

/// <summary>The policy and the turns together: fair among adapter sets, and without needless changes.</summary>
public sealed class AdapterTurnsTests
{
    private static readonly ContextLimits Limits = new() { Cells = 1000, Sequences = 16, BatchTokens = 32, Outputs = 16, HiddenStateTokens = 8 };

    [Fact]
    public void Plan_AllSetsHaveWork_EachWaitsAtMostTheOthersTurns() => Gen.Int[2, 6].Sample(sets =>
    {
        int[] chosen = Run(sets, steps: sets * AdapterTurns.StepsPerTurn * 5, (_, _) => true);

        int changes = chosen.Zip(chosen.Skip(1)).Count(pair => pair.First != pair.Second);
        Assert.Equal((sets * 5) - 1, changes);
        AssertBound(chosen, sets);
    });

    [Fact]
    public void Plan_SetsPauseAtRandom_NoneThatHasWorkWaitsLongerThanTheBound() => Gen.Select(Gen.Int[2, 5], Gen.Bool.Array[50, 200]).Sample((sets, coins) =>
    {
        // One set always has work; the others come and go.
        int[] chosen = Run(sets, 400, (set, step) => set == 0 || coins[((step * 7) + (set * 13)) % coins.Length]);

        int last = -1;
        for (int step = 0; step < chosen.Length; step++)
        {
            Assert.InRange(step - last - 1, 0, (sets - 1) * AdapterTurns.StepsPerTurn);
            last = chosen[step] == 0 ? step : last;
        }
    });

    [Fact]
    public void Plan_OnlyOneSetHasWork_KeepsIt()
    {
        int[] chosen = Run(3, 100, (set, _) => set == 1);

        Assert.All(chosen, set => Assert.Equal(1, set));
    }

    private static void AssertBound(int[] chosen, int sets)
    {
        for (int set = 0; set < sets; set++)
        {
            int[] steps = [-1, .. Enumerable.Range(0, chosen.Length).Where(step => chosen[step] == set)];
            Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.InRange(pair.Second - pair.First - 1, 0, (sets - 1) * AdapterTurns.StepsPerTurn));
        }
    }

    /// <summary>Which set each step was for, when every set has two running answers that may be paused.</summary>
    private static int[] Run(int sets, int steps, Func<int, int, bool> hasWork)
    {
        AdapterSet[] adapters = [.. Enumerable.Range(0, sets).Select(set => new AdapterSet([new($"adapter {set}", 1)]))];
        var turns = new AdapterTurns();
        Array.ForEach(adapters, turns.Add);
        int[] chosen = new int[steps];
        for (int step = 0; step < steps; step++)
        {
            var snapshot = new SchedulerSnapshot(Limits) { FreeCells = 500, FreeSequences = 2, Turns = turns };
            snapshot.Requests.AddRange(Enumerable.Range(0, 2 * sets).Select(request =>
                new RequestSnapshot(IsAdmitted: true, hasWork(request % sets, step), Sequences: 1, DivisibleTokens: 0, FinalTokens: 1, Outputs: 1) { Adapters = adapters[request % sets] }));
            var plan = new StepPlan();
            new DecodeFirstPolicy().Plan(snapshot, plan);
            Assert.Equal(2, plan.Work.Count);
            chosen[step] = Assert.Single(plan.Work.Select(work => work.Request % sets).Distinct());
            turns.Took(adapters[chosen[step]]);
        }

        return chosen;
    }
}
