using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Decoding.Strategies.Sampling;

/// <summary>Generates one token a step, as a sampler pipeline chooses it.</summary>
internal sealed class SamplingStrategy : IDecodingStrategy
{
    private readonly Vocabulary _vocabulary;
    private readonly TokenSampler _sampler;
    private readonly StopSequences _stops;
    private readonly int _maxTokens;
    private int _evaluated;
    private int _stopState = StopSequences.Start;

    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="sampler">Holds the prompt, of at least one token, and chooses; used by this request only.</param>
    /// <param name="stops">Texts that end the answer.</param>
    /// <param name="maxTokens">The most tokens of the answer, at least 1; <see langword="null"/> for no limit but the context's.</param>
    public SamplingStrategy(Vocabulary vocabulary, TokenSampler sampler, StopSequences stops, int? maxTokens)
    {
        _vocabulary = vocabulary;
        _sampler = sampler;
        _stops = stops;
        _maxTokens = maxTokens ?? int.MaxValue;
    }

    public int MaxSequences => 1;

    public void Plan(IStepPlanner step)
    {
        step.Evaluate(0, _sampler.Tokens[_evaluated..], WantedOutputs.Last);
        _evaluated = _sampler.Tokens.Length;
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
        if (ReachesStop(token))
        {
            results.Finish(GenerationEnd.StopSequence);
        }
        else if (_sampler.Tokens.Length - _sampler.PromptLength >= _maxTokens)
        {
            results.Finish(GenerationEnd.TokenLimit);
        }
    }

    public void Restart() => _evaluated = 0;

    private bool ReachesStop(int token)
    {
        if (!_vocabulary.IsText(token))
        {
            return false;
        }

        foreach (byte value in _vocabulary.GetBytes(token))
        {
            _stopState = _stops.Advance(_stopState, value);
            if (_stops.IsMatch(_stopState, out _))
            {
                return true;
            }
        }

        return false;
    }
}
