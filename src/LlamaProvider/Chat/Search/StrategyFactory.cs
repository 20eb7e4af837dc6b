using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Decoding.Strategies.BestOf;
using LlamaProvider.Decoding.Strategies.Contrastive;
using LlamaProvider.Decoding.Strategies.Guidance;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Chat.Search;

/// <summary>Makes what finds the answer to one request.</summary>
/// <param name="engine">The engine that runs it.</param>
/// <param name="settings">What the request asks of the decoding.</param>
/// <param name="sampler">Holds the prompt, and chooses.</param>
/// <param name="seed">Of the draws.</param>
/// <param name="reasoning">The marks of reasoning in which stop sequences do not count.</param>
internal sealed class StrategyFactory(LlamaEngine engine, GenerationSettings settings, TokenSampler sampler, ulong seed, ReasoningTokens? reasoning)
{
    private readonly Vocabulary _vocabulary = engine.Model.Vocabulary;

    /// <summary>The prompt that the answer is led away from; empty without one.</summary>
    public required IReadOnlyList<int> Negative { get; init; }

    /// <summary>How many tokens of the beginning stay when the context is full; <see langword="null"/> to end there.</summary>
    public required int? KeptTokens { get; init; }

    /// <summary>The strategy, and what drafts for it.</summary>
    public (IDecodingStrategy Strategy, Speculator? Speculator) Create()
    {
        IDecodingStrategy? search =
            settings.Beams is { } beams ? Beams(beams) :
            settings.Contrastive is { Options: var contrastive } ? new ContrastiveSearchStrategy(contrastive, AskingAlways(sampler), engine.Model.Description.HiddenSize, engine.Limits) :
            settings.BestOf is { Options: var best } ? new BestOfStrategy([.. Enumerable.Range(0, best.Count).Select(Draw)]) : null;
        if (search is not null)
        {
            return (search, null);
        }

        JumpForward? forced = engine.Constraints.FindForced(settings);
        var answer = new AnswerTokens(_vocabulary, sampler, settings.Stops, settings.MaxTokens, KeptTokens, settings.JumpForward ? forced : null, reasoning);
        if (settings.HasNegativePrompt || settings.TokenGuide is not null)
        {
            return (Guided(answer), null);
        }

        Speculator? speculator = engine.Drafters.Create(settings, seed, settings.JumpForward ? null : forced);
        return (speculator is null ? new SamplingStrategy(answer) : new SpeculativeStrategy(_vocabulary, answer, speculator), speculator);
    }

    /// <summary>The tokens of a text whose every token the model is asked for.</summary>
    private AnswerTokens AskingAlways(TokenSampler own) => new(_vocabulary, own, settings.Stops, settings.MaxTokens, reasoning: reasoning);

    private AnswerTokens Draw(int number)
    {
        TokenSampler own = sampler.ForkWithSeed(DrawSeed(number));
        own.Recorder = sampler.Recorder is { Log: var log } ? new TokenRecorder(log, number) : null;
        return AskingAlways(own);
    }

    private BeamSearchStrategy Beams(RequestedBeams beams)
    {
        int longest = settings.MaxTokens ?? Math.Max(1, engine.Limits.Cells - sampler.PromptLength);
        return new BeamSearchStrategy(beams.ToSettings(settings.MaxTokens, longest, seed), _vocabulary, sampler, settings.Stops, reasoning);
    }

    private GuidedStrategy Guided(AnswerTokens answer)
    {
        NegativeText? negative = settings.HasNegativePrompt ? new NegativeText([.. Negative], settings.Guidance!.Options.Scale, _vocabulary.Count) : null;
        return new GuidedStrategy(answer, negative, settings.TokenGuide is { } guide ? engine.Judges.Reweighting(guide, _vocabulary) : null);
    }

    /// <summary>Answers that are drawn at once have streams far from each other's and from those of further attempts. The first has that of the request without them.</summary>
    private ulong DrawSeed(int draw) => unchecked(seed + ((ulong)draw * 0x9E3779B97F4A7C15));
}
