using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Strategies.Speculative.Control;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

/// <summary>Answers whose evaluations take made-up times, on a clock of their own: what speculation gains is the same on any machine.</summary>
/// <param name="first">Seconds of an evaluation of one token.</param>
/// <param name="further">Seconds of each further token.</param>
internal sealed class SimulatedSpeed(double first, double further)
{
    public const int Requests = 40;
    private const int Tokens = 60;

    public static Vocabulary Words { get; } = ScriptedVocabulary.Bytes();

    /// <summary>How many times as fast answers come with drafts.</summary>
    /// <param name="model">Gives the answers; greedy.</param>
    /// <param name="prompt">The prompt of each request.</param>
    /// <param name="drafter">Makes the drafter of a request, whose work advances the clock given.</param>
    /// <param name="maxTokens">The most tokens of a draft.</param>
    public double Measure(ScriptedModel model, Func<int, int[]> prompt, Func<TimeProvider, Action<double>, IDrafter> drafter, int maxTokens)
    {
        var experience = new DraftExperience();
        double plain = Run(model, prompt, (_, _) => null);
        return plain / Run(model, prompt, (loop, advance) => new Speculator([new DraftSource("test", drafter(loop.Time, advance), maxTokens, experience)], loop.Time));
    }

    private double Run(ScriptedModel model, Func<int, int[]> prompt, Func<TestLoop, Action<double>, Speculator?> speculate)
    {
        var loop = new TestLoop(model, sequences: 16, cells: 2000);
        void Advance(double seconds) => loop.Time.Advance(TimeSpan.FromSeconds(seconds));
        model.Faults.BeforeToken = index => Advance(index == 0 ? first : further);
        long started = loop.Time.GetTimestamp();
        for (int i = 0; i < Requests; i++)
        {
            TokenSampler sampler = SpeculativeRun.Sampler(Words, SamplerPipeline.Deterministic, prompt(i));
            Speculator speculator = speculate(loop, Advance) ?? new Speculator([], loop.Time);
            GenerationRequest request = loop.Submit(SpeculativeRun.Strategy(Words, sampler, Tokens, speculator));
            loop.RunToEnd();
            Assert.NotEmpty(TestLoop.Read(request).Tokens);
        }

        return loop.Time.GetElapsedTime(started).TotalSeconds;
    }
}
