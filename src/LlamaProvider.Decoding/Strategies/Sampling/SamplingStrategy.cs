using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Decoding.Strategies.Sampling;

/// <summary>Generates one token a step, as a sampler pipeline chooses it.</summary>
internal sealed class SamplingStrategy : IDecodingStrategy
{
    private readonly Vocabulary _vocabulary;
    private readonly TokenSampler _sampler;
    private readonly int _maxTokens;
    private readonly int? _keptTokens;
    private int _forgotten;
    private int _evaluated;
    private StopScanner _stops;

    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="sampler">Holds the prompt, of at least one token, and chooses; used by this request only.</param>
    /// <param name="stops">Texts that end the answer.</param>
    /// <param name="maxTokens">The most tokens of the answer, at least 1; <see langword="null"/> for no limit but the context's.</param>
    /// <param name="keptTokens">
    /// When the text fills the context: how many tokens of its beginning stay, while half of the others is forgotten; <see langword="null"/> ends the answer there.
    /// </param>
    /// <param name="reasoning">The marks of reasoning, in which stop sequences do not count; <see langword="null"/> when they count everywhere.</param>
    public SamplingStrategy(Vocabulary vocabulary, TokenSampler sampler, StopSequences stops, int? maxTokens, int? keptTokens = null, ReasoningTokens? reasoning = null)
    {
        _vocabulary = vocabulary;
        _sampler = sampler;
        _stops = new StopScanner(vocabulary, stops, reasoning);
        _maxTokens = maxTokens ?? int.MaxValue;
        _keptTokens = keptTokens;
    }

    public int MaxSequences => 1;

    public void Plan(IStepPlanner step)
    {
        ReadOnlySpan<int> tokens = _sampler.Tokens;
        step.Evaluate(0, _evaluated == 0 && _forgotten > 0 ? Remembered(tokens) : tokens[_evaluated..], WantedOutputs.Last);
        _evaluated = tokens.Length;
    }

    public void Advance(IStepResults results)
    {
        int token = _sampler.Choose(results.GetLogits(0));
        if (_vocabulary.IsEndOfGeneration(token))
        {
            results.Finish(GenerationEnd.EndOfGeneration);
            return;
        }

        _sampler.Accept(token);
        results.Emit(token);
        if (_stops.Accept(token))
        {
            results.Finish(GenerationEnd.StopSequence);
        }
        else if (_sampler.MustEnd)
        {
            results.Finish(GenerationEnd.EndOfGeneration);
        }
        else if (_sampler.Tokens.Length - _sampler.PromptLength >= _maxTokens)
        {
            results.Finish(GenerationEnd.TokenLimit);
        }
    }

    public void Restart() => _evaluated = 0;

    /// <summary>As llama.cpp does: the beginning stays, and of what follows the older half goes.</summary>
    public PositionRange? ForgetOldest()
    {
        if (_keptTokens is not int kept)
        {
            return null;
        }

        int discarded = (_sampler.Tokens.Length - _forgotten - kept) / 2;
        _forgotten += Math.Max(0, discarded);
        return discarded > 0 ? new PositionRange(kept, kept + discarded) : null;
    }

    /// <summary>What is forgotten is always one range behind the kept beginning.</summary>
    private int[] Remembered(ReadOnlySpan<int> tokens) => [.. tokens[.._keptTokens!.Value], .. tokens[(_keptTokens.Value + _forgotten)..]];
}
