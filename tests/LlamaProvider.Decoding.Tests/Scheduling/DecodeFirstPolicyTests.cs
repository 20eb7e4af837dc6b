using CsCheck;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;

namespace LlamaProvider.Decoding.Tests.Scheduling;

public sealed class DecodeFirstPolicyTests
{
    private static readonly ContextLimits Limits = new() { Cells = 100, Sequences = 4, BatchTokens = 32, Outputs = 8, HiddenStateTokens = 8 };

    [Fact]
    public void Plan_RunningAndPrompt_RunningFirstThenWhatFits()
    {
        StepPlan plan = Plan(freeCells: 100, freeSequences: 2, Prompt(50, admitted: true), Running(), Running());

        Assert.Equal([new PlannedWork(1, 0, true), new PlannedWork(2, 0, true), new PlannedWork(0, 30, false)], plan.Work);
    }

    [Fact]
    public void Plan_PromptThatFits_IsCompleted()
    {
        StepPlan plan = Plan(freeCells: 100, freeSequences: 4, Prompt(31, admitted: false));

        Assert.Equal([new PlannedWork(0, 31, true)], plan.Work);
    }

    [Fact]
    public void Plan_PromptOneTokenTooLong_LeavesItsFinalTokenForTheNextStep()
    {
        StepPlan plan = Plan(freeCells: 100, freeSequences: 4, Prompt(32, admitted: false));

        Assert.Equal([new PlannedWork(0, 32, false)], plan.Work);
    }

    [Fact]
    public void Plan_SeveralLongPrompts_EachTakesHalfOfWhatIsLeft()
    {
        StepPlan plan = Plan(freeCells: 100, freeSequences: 4, Prompt(60, admitted: true), Prompt(60, admitted: true), Prompt(60, admitted: true));

        Assert.Equal([new PlannedWork(0, 16, false), new PlannedWork(1, 8, false), new PlannedWork(2, 8, false)], plan.Work);
    }

    [Fact]
    public void Plan_ShortPromptBehindALongOne_GetsThroughAndTheRestGoesBack()
    {
        StepPlan plan = Plan(freeCells: 100, freeSequences: 4, Prompt(60, admitted: true), Prompt(4, admitted: false));

        Assert.Equal([new PlannedWork(0, 27, false), new PlannedWork(1, 4, true)], plan.Work);
    }

    [Fact]
    public void Plan_NextPromptCannotBeAdmitted_LeavesItsShareToTheFirst()
    {
        StepPlan plan = Plan(freeCells: 60, freeSequences: 3, Prompt(40, admitted: true), Prompt(58, admitted: false));

        Assert.Equal([new PlannedWork(0, 32, false)], plan.Work);
        Assert.True(plan.Missing is not null);
    }

    [Fact]
    public void Plan_SharedPrefix_CountsTowardsTheContextButNotTheBatch()
    {
        Assert.Equal([new PlannedWork(0, 10, true)], Plan(100, 4, Prompt(10, admitted: false) with { SharedTokens = 89 }).Work);
        Assert.Equal(0, Plan(100, 4, Prompt(10, admitted: false) with { SharedTokens = 90 }).Exhausted);
    }

    [Fact]
    public void Plan_PromptsBesideAnswers_KeepToTheirShareOfTheStep()
    {
        var snapshot = new SchedulerSnapshot(Limits) { FreeCells = 100, FreeSequences = 4, PromptTokensBesideAnswers = 10 };
        snapshot.Requests.AddRange([Running(), Prompt(60, admitted: true), Prompt(3, admitted: false)]);
        var plan = new StepPlan();
        new DecodeFirstPolicy().Plan(snapshot, plan);

        Assert.Equal([new PlannedWork(0, 0, true), new PlannedWork(1, 6, false), new PlannedWork(2, 3, true)], plan.Work);

        snapshot.Requests.RemoveAt(0);
        plan.Clear();
        new DecodeFirstPolicy().Plan(snapshot, plan);
        Assert.Equal([new PlannedWork(0, 28, false), new PlannedWork(1, 3, true)], plan.Work);
    }

    [Fact]
    public void Plan_SlowReader_IsLeftOut()
    {
        StepPlan plan = Plan(freeCells: 100, freeSequences: 2, Running() with { IsRunnable = false }, Running());

        Assert.Equal([new PlannedWork(1, 0, true)], plan.Work);
    }

    [Fact]
    public void Plan_NoFreeSequence_AdmitsNobody()
    {
        StepPlan plan = Plan(freeCells: 100, freeSequences: 0, Running(), Prompt(5, admitted: false));

        Assert.Equal([new PlannedWork(0, 0, true)], plan.Work);
    }

    [Fact]
    public void Plan_FirstInQueueDoesNotFit_LaterOnesDoNotOvertake()
    {
        StepPlan plan = Plan(freeCells: 20, freeSequences: 3, Running(), Prompt(40, admitted: false), Prompt(2, admitted: false));

        Assert.Equal([new PlannedWork(0, 0, true)], plan.Work);
    }

    [Fact]
    public void Plan_NoCellForAnyone_PreemptsTheYoungestOther()
    {
        StepPlan plan = Plan(freeCells: 0, freeSequences: 1, Running(), Running(), Running());

        Assert.Empty(plan.Work);
        Assert.Equal(2, plan.Preempt);
    }

    [Fact]
    public void Plan_NoCellAndOthersPaused_PreemptsAPausedOne()
    {
        StepPlan plan = Plan(freeCells: 0, freeSequences: 2, Running() with { IsRunnable = false }, Running());

        Assert.Equal(0, plan.Preempt);
    }

    [Fact]
    public void Plan_NoCellAndAlone_IsExhausted()
    {
        StepPlan plan = Plan(freeCells: 0, freeSequences: 3, Running());

        Assert.Equal(0, plan.Exhausted);
    }

    [Fact]
    public void Plan_RecomputedTextLongerThanTheContext_IsExhausted()
    {
        StepPlan plan = Plan(freeCells: 100, freeSequences: 4, Prompt(100, admitted: false));

        Assert.Equal(0, plan.Exhausted);
    }

    /// <summary>Over random snapshots: never above a budget, nobody twice, nobody paused, and something happens whenever something can.</summary>
    [Fact]
    public void Plan_AnySnapshot_KeepsTheBudgetsAndMakesProgress()
    {
        Gen<RequestSnapshot> request = Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[0, 60], Gen.Int[1, 4]).Select((admitted, runnable, divisible, final) =>
            new RequestSnapshot(admitted, runnable || !admitted, 1, divisible, final, final));
        Gen.Select(request.Array[0, 8], Gen.Int[0, 100], Gen.Int[0, 4]).Sample((requests, freeCells, freeSequences) =>
        {
            StepPlan plan = Plan(freeCells, freeSequences, requests);

            int tokens = plan.Work.Sum(work => work.DivisibleTokens + (work.Final ? requests[work.Request].FinalTokens : 0));
            Assert.InRange(tokens, 0, Math.Min(freeCells, Limits.BatchTokens));
            Assert.InRange(plan.Work.Where(work => work.Final).Sum(work => requests[work.Request].Outputs), 0, Limits.Outputs);
            Assert.InRange(plan.Work.Count(work => !requests[work.Request].IsAdmitted), 0, freeSequences);
            Assert.Equal(plan.Work.Count, plan.Work.Select(work => work.Request).Distinct().Count());
            Assert.All(plan.Work, work => Assert.True(requests[work.Request].IsRunnable));
            Assert.All(plan.Work, work => Assert.True(work.DivisibleTokens > 0 || work.Final));
            Assert.All(plan.Work, work => Assert.True(!work.Final || work.DivisibleTokens == requests[work.Request].DivisibleTokens));
            bool unfinished = plan.Work.Any(work => work.DivisibleTokens < requests[work.Request].DivisibleTokens);
            Assert.True(!unfinished || tokens == Math.Min(freeCells, Limits.BatchTokens) || plan.Work.Any(work => !requests[work.Request].IsAdmitted) || plan.Missing is not null, "Room in the batch is left empty.");
            if (requests.Any(r => r.IsAdmitted && r.IsRunnable))
            {
                Assert.True(plan.Work.Count > 0 || plan.Preempt is not null || plan.Exhausted is not null, "A runnable request waits for nothing.");
            }
        });
    }

    [Fact]
    public void Plan_NewcomerFindsNoSequenceAndOthersWaitOutside_TakesTheLastOnes()
    {
        StepPlan plan = Plan(freeCells: 100, freeSequences: 0, Waiting(), Waiting(), Prompt(4, admitted: false));

        Assert.Equal(1, plan.Preempt);
        Assert.Empty(plan.Work);
    }

    [Fact]
    public void Plan_NewcomerFindsNoSequenceButAnotherRuns_LetsItFirst()
    {
        StepPlan plan = Plan(freeCells: 100, freeSequences: 0, Waiting(), Running(), Prompt(4, admitted: false));

        Assert.Equal([new PlannedWork(1, 0, true)], plan.Work);
        Assert.Null(plan.Preempt);
    }

    [Fact]
    public void Plan_NobodyNeedsTheSequencesOfThoseThatWait_LeavesThem() => Assert.True(Plan(freeCells: 100, freeSequences: 0, Waiting(), Waiting() with { IsAdmitted = false }).IsEmpty);

    private static RequestSnapshot Waiting() => Running() with { IsRunnable = false, IsWaiting = true, FinalTokens = 0, Outputs = 0 };

    private static RequestSnapshot Running() => new(IsAdmitted: true, IsRunnable: true, Sequences: 1, DivisibleTokens: 0, FinalTokens: 1, Outputs: 1);

    private static RequestSnapshot Prompt(int divisible, bool admitted) => Running() with { IsAdmitted = admitted, DivisibleTokens = divisible };

    private static StepPlan Plan(int freeCells, int freeSequences, params RequestSnapshot[] requests)
    {
        var snapshot = new SchedulerSnapshot(Limits) { FreeCells = freeCells, FreeSequences = freeSequences };
        snapshot.Requests.AddRange(requests);
        var plan = new StepPlan();
        new DecodeFirstPolicy().Plan(snapshot, plan);
        return plan;
    }
}
