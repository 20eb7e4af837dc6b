using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Decoding.Strategies.Sampling;

/// <summary>Generates one token a step, as a selector chooses it.</summary>
internal sealed class SamplingStrategy : IDecodingStrategy
{
    private readonly Vocabulary _vocabulary;
    private readonly ITokenSelector _selector;
    private readonly StopSequences _stops;
    private readonly int _maxTokens;
    private readonly List<int> _text;
    private readonly int _promptLength;
    private int _evaluated;
    private int _stopState = StopSequences.Start;

    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="prompt">At least one token.</param>
    /// <param name="selector">Chooses; used by this request only.</param>
    /// <param name="stops">Texts that end the answer.</param>
    /// <param name="maxTokens">The most tokens of the answer, at least 1; <see langword="null"/> for no limit but the context's.</param>
    public SamplingStrategy(Vocabulary vocabulary, IReadOnlyCollection<int> prompt, ITokenSelector selector, StopSequences stops, int? maxTokens)
    {
        _vocabulary = vocabulary;
        _selector = selector;
        _stops = stops;
        _maxTokens = maxTokens ?? int.MaxValue;
        _text = [.. prompt];
        _promptLength = prompt.Count;
    }

    public int MaxSequences => 1;

    public void Plan(IStepPlanner step)
    {
        step.Evaluate(0, CollectionsMarshal.AsSpan(_text)[_evaluated..], WantedOutputs.Last);
        _evaluated = _text.Count;
    }

    public void Advance(IStepResults results)
    {
        int token = _selector.Select(results.GetLogits(0));
        if (_vocabulary.IsEndOfGeneration(token))
        {
            results.Finish(GenerationEnd.EndOfGeneration);
            return;
        }

        _text.Add(token);
        results.Emit(token);
        if (ReachesStop(token))
        {
            results.Finish(GenerationEnd.StopSequence);
        }
        else if (_text.Count - _promptLength >= _maxTokens)
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
