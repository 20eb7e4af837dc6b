using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies.Speculative.Control;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

/// <summary>Answers that copy, then answers that only seem to: how much is lost until the controller has noticed, on made-up costs.</summary>
public sealed class ChangingTextsTests
{
    private const int Answer = 56;
    private const int Most = 16;
    private const int Seeds = 30;

    /// <summary>Half of the drafts are wrong at once, the others go on with probability 0.8.</summary>
    [Theory]
    [InlineData(0.3, 0.98)]
    [InlineData(0.5, 0.9)]
    [InlineData(0.84, 0.95)]
    public void Choose_TextsStopCopying_LosesLittleAtFirstAndNothingLater(double further, double least)
    {
        double copied = 0;
        double first = 0;
        double later = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            var run = new Run(further, seed);
            copied += run.Answers(20, copies: true) / Seeds;
            first += run.Answers(3, copies: false) / Seeds;
            run.Answers(10, copies: false);
            later += run.Answers(10, copies: false) / Seeds;
        }

        Assert.True(copied > 1.1 && first > least && later > 0.97, $"{copied:0.000} times as fast, then {first:0.000}, then {later:0.000}.");
    }

    private sealed class Run(double further, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly DraftExperience _experience = new();
        private readonly StepCosts _costs = new();

        /// <summary>Tokens for each time that a step without a draft takes.</summary>
        public double Answers(int count, bool copies)
        {
            (int Tokens, double Time) sum = default;
            for (int answer = 0; answer < count; answer++)
            {
                var controller = new DraftLengthController(_experience, probes: false);
                for (int tokens = 0; tokens < Answer;)
                {
                    (int gained, double time) = Step(controller, copies, tokens);
                    tokens += gained;
                    sum = (sum.Tokens + gained, sum.Time + time);
                }
            }

            return sum.Tokens / sum.Time;
        }

        private (int Gained, double Time) Step(DraftLengthController controller, bool copies, int tokens)
        {
            if (!copies && _random.NextDouble() > 0.4)
            {
                _costs.Observe(1, 1);
                return (1, 1);
            }

            int kind = copies ? Math.Min(DraftLengthController.Classes - 1, tokens / 8) : _random.Next(DraftLengthController.Classes - 1);
            int right = copies ? Answer : _random.NextDouble() < 0.5 ? 0 : 1 + (int)(Math.Log(_random.NextDouble()) / Math.Log(0.8));
            int length = controller.Choose(new DraftOffer(kind, Math.Min(Most, Answer - tokens)), 1, _costs);
            double time = 1 + (further * length);
            _costs.Observe(1 + length, time);

            // What is not drafted is compared with the text.
            int compared = length > 0 ? length : ShadowDrafts.MostTokens;
            controller.Observe(kind, Math.Min(compared, right + 1), Math.Min(compared, right));
            return (Math.Min(length, right) + 1, time);
        }
    }
}
