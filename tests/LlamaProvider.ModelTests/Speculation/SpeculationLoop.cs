using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Speculative;

namespace LlamaProvider.ModelTests.Speculation;

/// <summary>An engine loop on the test's thread, whose invariants are checked after every step.</summary>
internal sealed class SpeculationLoop(ILanguageModel model, IModelContext context) : IDisposable
{
    private readonly EngineLoop _loop = new(
        context, new DecodeFirstPolicy(), new EngineMetrics("test", TimeProvider.System), new PromptPace(TimeSpan.MaxValue), afterStep: EngineInvariants.Check);

    /// <summary>Hands a request in.</summary>
    /// <param name="sampler">Holds the prompt.</param>
    /// <param name="maxTokens">The most tokens of the answer.</param>
    /// <param name="speculator">Drafts; without drafters, nothing does.</param>
    public GenerationRequest Submit(TokenSampler sampler, int maxTokens, Speculator speculator)
    {
        var strategy = new SpeculativeStrategy(model.Vocabulary, new AnswerTokens(model.Vocabulary, sampler, new StopSequences([]), maxTokens), speculator);
        var request = new GenerationRequest(strategy, null, () => { }, () => { }, reader => reader());
        _loop.Enqueue(request);
        return request;
    }

    public void RunToEnd()
    {
        while (!_loop.IsEmpty)
        {
            _loop.Step();
        }
    }

    /// <summary>Ends its threads. The context is the caller's.</summary>
    public void Dispose() => _loop.Dispose();

    public static int[] Read(GenerationRequest request)
    {
        var tokens = new List<int>();
        Assert.Null(request.Output.Read(ref tokens)!.Error);
        return [.. tokens];
    }

    /// <summary>A drafter with a fixed length.</summary>
    public static Speculator Speculate(IDrafter drafter, int tokens) => new([new DraftSource("test", drafter, tokens, experience: null)], TimeProvider.System);
}
