using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Speculative;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

/// <summary>Speculative requests without an engine.</summary>
internal static class SpeculativeRun
{
    public const int Rollback = 16;

    public static TokenSampler Sampler(Vocabulary vocabulary, SamplerPipeline pipeline, int[] prompt, ulong seed = 1, ITokenConstraint? constraint = null) => new(
        new BoundPipeline(pipeline, new SamplerBinding(vocabulary), new SamplerWorkspacePool()), prompt, seed, Rollback,
        constraint is null ? null : new SequenceConstraint("test", constraint));

    public static SpeculativeStrategy Strategy(
        Vocabulary vocabulary, TokenSampler sampler, int? maxTokens, Speculator speculator, string? stop = null, int? kept = null) => new(
        vocabulary, new AnswerTokens(vocabulary, sampler, new StopSequences(stop is null ? [] : [stop]), maxTokens, kept), speculator);

    /// <summary>A drafter with a fixed length.</summary>
    public static Speculator Speculate(IDrafter drafter, int tokens = 4, Action<string, Exception>? failed = null) =>
        new([new DraftSource("test", drafter, tokens, experience: null)], TimeProvider.System, failed);
}

/// <summary>Drafts what a function says, and counts what becomes of it.</summary>
internal sealed class ScriptedDrafter(Func<int[], int[]> guess) : IDrafter
{
    public int Offers { get; private set; }

    public int Released { get; private set; }

    public int? Offer(TokenSampler sampler)
    {
        Offers++;
        return 0;
    }

    public void Draft(TokenSampler sampler, int limit, Draft draft)
    {
        foreach (int token in guess(sampler.Tokens.ToArray()).Take(limit))
        {
            draft.Add(token);
        }

        draft.Cut(sampler.CountLegal(draft.Tokens));
    }

    public void Release() => Released++;
}
