using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies.Speculative.Control;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

public sealed class DraftLengthControllerTests
{
    [Fact]
    public void Choose_AllAcceptedAndVerifyingCheap_IsTheLimit()
    {
        DraftLengthController controller = Learned(accepted: 8, draftSeconds: 0);

        Assert.Equal(8, controller.Choose(new DraftOffer(0, 8), 1, Costs(perToken: 0.01)));
    }

    /// <summary>A trial adds the draft's 0.1 and the token's 0.05 to each of four steps that take 1, and may take 0.6 % of the time.</summary>
    [Fact]
    public void Choose_NothingAccepted_IsOffAndTriedForLessThanAHundredthOfTheTime()
    {
        DraftLengthController controller = Learned(accepted: 0, draftSeconds: 0.1);
        var probes = new List<int>();
        for (int offer = 1; offer <= 600; offer++)
        {
            if (controller.Choose(new DraftOffer(0, 8), 1, Costs(perToken: 0.05)) is > 0 and int length)
            {
                Assert.Equal(1, length);
                controller.Observe(0, 1, 0);
                probes.Add(offer);
            }
        }

        Assert.InRange(probes.Count, 21, 27);
        Assert.Equal([0, 1, 2, 3], probes[..4].Select(probe => probe - probes[0]));
        Assert.InRange(probes[0], 70, 110);
    }

    [Fact]
    public void Choose_DrafterIsFarBehind_WaitsUntilCatchingUpPays()
    {
        var experience = new DraftExperience();
        var controller = new DraftLengthController(experience);
        experience.ObserveDraft(1, 0.1);
        experience.ObserveCatchUp(1, 0.05);
        StepCosts costs = Costs(perToken: 0.05);

        // Drafts save about half of the 128 steps that answers take at first: 60 seconds, or 1,200 tokens of a prompt.
        Assert.True(controller.Choose(new DraftOffer(0, 8, Missing: 600), 1, costs) > 0);
        Assert.Equal(0, controller.Choose(new DraftOffer(0, 8, Missing: 2000), 1, costs));
        Assert.Equal(0, controller.Choose(new DraftOffer(0, 8, Missing: 600, Remaining: 10), 1, costs));
        for (int answer = 0; answer < 30; answer++)
        {
            experience.ObserveAnswer(10);
        }

        Assert.Equal(0, controller.Choose(new DraftOffer(0, 8, Missing: 600), 1, costs));
    }

    [Fact]
    public void Choose_TextBecomesPredictable_GrowsAgain()
    {
        DraftLengthController controller = Learned(accepted: 0, draftSeconds: 0.1);
        StepCosts costs = Costs(perToken: 0.05);
        int longest = 0;
        for (int offer = 0; offer < 600; offer++)
        {
            int length = controller.Choose(new DraftOffer(0, 8), 1, costs);
            controller.Observe(0, length, length);
            longest = Math.Max(longest, length);
        }

        Assert.Equal(8, longest);
    }

    /// <summary>With acceptance a, draft cost c and free verification, the rate is (1 − a^(k+1)) / ((1 − a)(1 + ck)) (Leviathan et al., theorem 3.8).</summary>
    [Theory]
    [InlineData(0.8, 0.05)]
    [InlineData(0.6, 0.1)]
    [InlineData(0.9, 0.02)]
    [InlineData(0.5, 0.3)]
    public void Choose_KnownAcceptance_IsTheBestByTheFormula(double acceptance, double draftCost)
    {
        var experience = new DraftExperience();
        var controller = new DraftLengthController(experience);
        experience.ObserveDraft(1, draftCost);
        var random = new Random(1);
        for (int draft = 0; draft < 4000; draft++)
        {
            int accepted = 0;
            while (accepted < 16 && random.NextDouble() < acceptance)
            {
                accepted++;
            }

            controller.Observe(0, Math.Min(16, accepted + 1), accepted);
        }

        double Rate(int k) => (1 - Math.Pow(acceptance, k + 1)) / ((1 - acceptance) * (1 + (draftCost * k)));
        int chosen = controller.Choose(new DraftOffer(0, 16), 1, Costs(perToken: 0));
        Assert.InRange(Rate(chosen) / Enumerable.Range(0, 17).Max(Rate), 0.93, 1);
    }

    [Fact]
    public void Choose_ManyRequestsAndStepsThatGrowWithTokens_DraftsLess()
    {
        DraftLengthController controller = Learned(accepted: 2, draftSeconds: 0.05);
        var costs = new StepCosts();
        for (int tokens = 1; tokens <= StepCosts.Largest; tokens++)
        {
            // A step is bound by the weights up to 8 tokens and by arithmetic above.
            costs.Observe(tokens, Math.Max(1, tokens / 8.0));
        }

        int alone = controller.Choose(new DraftOffer(0, 8), 1, costs);
        Assert.True(alone >= 2, $"{alone} alone.");
        Assert.Equal(0, controller.Choose(new DraftOffer(1, 8), 32, Costs(perToken: 1)));
        Assert.True(controller.Choose(new DraftOffer(0, 8), 32, costs) <= alone);
    }

    [Fact]
    public void Estimate_SizesSeen_IsInterpolatedAndNotMovedByAPause()
    {
        var costs = new StepCosts();
        Assert.Equal(0, costs.Estimate(1));
        costs.Observe(1, 1);
        costs.Observe(5, 2);

        Assert.Equal((1, 1.5, 2), (costs.Estimate(1), costs.Estimate(3), costs.Estimate(5)));
        Assert.Equal(2.2, costs.Estimate(10), 1e-9);
        costs.Observe(1, 1);
        costs.Observe(1, 100);
        Assert.Equal(1.05, costs.Estimate(1), 1e-9);
        Assert.Equal(2.025, costs.Estimate(5), 1e-9);
    }

    [Fact]
    public void Estimate_MachineBecomesFaster_SizesThatAreNotSeenFollow()
    {
        var costs = new StepCosts();
        costs.Observe(1, 1);
        costs.Observe(5, 2);
        for (int step = 0; step < 500; step++)
        {
            costs.Observe(1, 0.5);
        }

        Assert.InRange(costs.Estimate(5), 1.5, 1.9);
    }

    [Fact]
    public void Estimate_StepsOfTwoSizesInTurn_KeepsTheCostOfTheChangeApart()
    {
        var costs = new StepCosts();
        foreach (int tokens in (int[])[1, 1, .. Enumerable.Repeat<int[]>([5, 5, 1, 1, 1], 40).SelectMany(static sizes => sizes)])
        {
            costs.Observe(tokens, 1 + (0.1 * tokens) + (tokens == costs.LatestTokens ? 0 : 0.4));
        }

        Assert.Equal(1.1, costs.Estimate(1), 1e-3);
        Assert.Equal(1.5, costs.Estimate(5), 1e-3);
        Assert.Equal(0.4, costs.ChangeSeconds, 1e-3);
    }

    /// <summary>Two of three drafted tokens are accepted: worth it where all steps draft, not where a draft now and then changes the step's size twice.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(6, false)]
    public void Choose_StepsThatChangeTheirSizeCostMore_DraftsOnlyWhereDraftsFollowEachOther(int offeredEvery, bool drafts)
    {
        DraftLengthController controller = Learned(accepted: 2, draftSeconds: 0.02);
        var costs = new StepCosts();
        int drafted = 0;
        for (int step = 0; step < 2000; step++)
        {
            int length = controller.Choose(new DraftOffer(0, step % offeredEvery == 0 ? 3 : 0), 1, costs);
            costs.Observe(1 + length, 1 + (0.1 * length) + (1 + length == costs.LatestTokens ? 0 : 1.5));
            controller.Observe(0, length, Math.Min(2, length));
            drafted += step >= 1000 && length > 1 ? 1 : 0;
        }

        Assert.Equal(drafts, drafted > 500);
        Assert.True(drafts || drafted < 20, $"{drafted} drafts.");
    }

    /// <summary>Drafts of one token take 0.4 of a step more and give 0.95. A trial of four brings two changes of the step's size at 1 each: at half a change a draft none would pay.</summary>
    [Fact]
    public void Choose_StepsThatChangeTheirSizeCostMore_TrialsDoNotMakeDraftsLookDear()
    {
        DraftLengthController controller = Learned(accepted: 0, draftSeconds: 0.3);
        var costs = new StepCosts();
        int drafted = 0;
        for (int step = 0; step < 20_000; step++)
        {
            int length = controller.Choose(new DraftOffer(0, 1), 1, costs);
            costs.Observe(1 + length, 1 + (0.1 * length) + (1 + length == costs.LatestTokens ? 0 : 1));
            controller.Observe(0, length, step < 10_000 || step % 20 == 0 ? 0 : length);
            drafted += step >= 15_000 ? length : 0;
        }

        Assert.InRange(drafted, 4500, 5000);
    }

    [Fact]
    public void Choose_OthersHaveLearned_BeginsWithIt()
    {
        var experience = new DraftExperience();
        var first = new DraftLengthController(experience);
        StepCosts costs = Costs(perToken: 0.05);
        experience.ObserveDraft(1, 0.1);
        for (int draft = 0; draft < 400; draft++)
        {
            int length = first.Choose(new DraftOffer(0, 8), 1, costs);
            first.Observe(0, Math.Min(1, length), 0);
        }

        Assert.Equal(0, new DraftLengthController(experience, probes: false).Choose(new DraftOffer(0, 8), 1, costs));
        Assert.True(new DraftLengthController(experience, probes: false).Choose(new DraftOffer(1, 8), 1, costs) > 0, "Another class is not tried.");
    }

    [Fact]
    public void Choose_WithoutProbes_StaysOffUntilItIsToldOtherwise()
    {
        var controller = new DraftLengthController(new DraftExperience(), probes: false);
        StepCosts costs = Costs(perToken: 0.3);
        for (int draft = 0; draft < 50; draft++)
        {
            controller.Observe(0, 1, 0);
            controller.Choose(new DraftOffer(0, 8), 1, costs);
        }

        Assert.All(Enumerable.Range(0, 300), _ => Assert.Equal(0, controller.Choose(new DraftOffer(0, 8), 1, costs)));
        for (int draft = 0; draft < 50; draft++)
        {
            controller.Observe(0, 8, 8);
        }

        Assert.Equal(8, controller.Choose(new DraftOffer(0, 8), 1, costs));
    }

    [Fact]
    public void Rests_DraftingDoesNotPay_AsksAgainAtEveryEighthStepOrInAnEngineOtherwiseBusy()
    {
        DraftLengthController controller = Learned(accepted: 0, draftSeconds: 0.1);
        StepCosts costs = Costs(perToken: 0.05);
        Assert.False(controller.Rests(1, 1), "It rests before it was asked.");
        Assert.Equal(0, controller.Choose(new DraftOffer(0, 8), 1, costs));
        Assert.Equal([true, true, true, true, true, true, true, false], Enumerable.Range(0, 8).Select(_ => controller.Rests(1, 1)));
        Assert.Equal(0, controller.Choose(new DraftOffer(0, 8), 1, costs));
        Assert.True(controller.Rests(1, 1));
        Assert.False(controller.Rests(2, 1), "It rests though another request runs.");
        Assert.False(controller.Rests(1, 1), "It goes on resting though the engine was otherwise busy.");
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(0, false)]
    public void Rests_DraftsPayOrCostNothing_Never(int accepted, bool probes)
    {
        DraftLengthController controller = Learned(accepted, draftSeconds: 0.1, probes);
        Assert.Equal(accepted, controller.Choose(new DraftOffer(0, 8), 1, Costs(perToken: 0.05)));

        Assert.False(controller.Rests(1, 1));
    }

    [Fact]
    public void Rests_BetweenQuestions_SavesForTrialsAsIfAsked()
    {
        DraftLengthController asked = Learned(accepted: 0, draftSeconds: 0.1);
        DraftLengthController resting = Learned(accepted: 0, draftSeconds: 0.1);
        StepCosts costs = Costs(perToken: 0.05);
        int first = Enumerable.Range(1, 200).First(_ => asked.Choose(new DraftOffer(0, 8), 1, costs) > 0);
        int firstBehindRests = Enumerable.Range(1, 200).First(_ => !resting.Rests(1, 1) && resting.Choose(new DraftOffer(0, 8), 1, costs) > 0);

        Assert.InRange(firstBehindRests - first, 0, 7);
    }

    private static DraftLengthController Learned(int accepted, double draftSeconds, bool probes = true)
    {
        var experience = new DraftExperience();
        var controller = new DraftLengthController(experience, probes);
        experience.ObserveDraft(1, draftSeconds);
        for (int draft = 0; draft < 100; draft++)
        {
            controller.Observe(0, Math.Min(8, accepted + 1), accepted);
        }

        return controller;
    }

    private static StepCosts Costs(double perToken)
    {
        var costs = new StepCosts();
        for (int tokens = 1; tokens <= StepCosts.Largest; tokens++)
        {
            costs.Observe(tokens, 1 + (perToken * (tokens - 1)));
        }

        return costs;
    }
}
