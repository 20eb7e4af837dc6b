using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Decoding.Strategies.Sampling;

/// <summary>Generates one token a step, as a sampler pipeline chooses it, and with it those that the constraint forces after it.</summary>
internal sealed class SamplingStrategy : IDecodingStrategy
{
    private readonly Vocabulary _vocabulary;
    private readonly TokenSampler _sampler;
    private readonly int _maxTokens;
    private readonly int? _keptTokens;
    private readonly JumpForward? _jump;
    private readonly List<int> _forced = [];
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
    /// <param name="jump">Finds forced tokens, for this request only; <see langword="null"/> to ask the model for every token.</param>
    /// <param name="reasoning">The marks of reasoning, in which stop sequences do not count; <see langword="null"/> when they count everywhere.</param>
    public SamplingStrategy(
        Vocabulary vocabulary, TokenSampler sampler, StopSequences stops, int? maxTokens, int? keptTokens = null, JumpForward? jump = null, ReasoningTokens? reasoning = null)
    {
        _vocabulary = vocabulary;
        _sampler = sampler;
        _stops = new StopScanner(vocabulary, stops, reasoning);
        _maxTokens = maxTokens ?? int.MaxValue;
        _keptTokens = keptTokens;
        _jump = jump;
        ReadForced();
    }

    public int MaxSequences => 1;

    /// <summary>Forced tokens are evaluated with what precedes them. Those that begin the answer become part of it after that, since nothing can be emitted before.</summary>
    public void Plan(IStepPlanner step)
    {
        ReadOnlySpan<int> tokens = _sampler.Tokens;
        ReadOnlySpan<int> wanted = _evaluated == 0 && _forgotten > 0 ? Remembered(tokens) : tokens[_evaluated..];
        step.Evaluate(0, _forced.Count > 0 ? [.. wanted, .. _forced] : wanted, WantedOutputs.Last);
        _evaluated = tokens.Length + _forced.Count;
    }

    public void Advance(IStepResults results)
    {
        if (!AppendForced(results))
        {
            return;
        }

        int token = _sampler.Choose(results.GetLogits(0));
        if (_vocabulary.IsEndOfGeneration(token))
        {
            results.Finish(GenerationEnd.EndOfGeneration);
        }
        else if (Append(token, results, isForced: false))
        {
            ReadForced();
            AppendForced(results);
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

    private void ReadForced()
    {
        if (_jump is not null)
        {
            _sampler.ReadForced(_jump, _forced);
        }
    }

    /// <returns>Whether the answer goes on.</returns>
    private bool AppendForced(IStepResults results)
    {
        bool goesOn = true;
        for (int i = 0; i < _forced.Count && goesOn; i++)
        {
            goesOn = Append(_forced[i], results, isForced: true);
        }

        _forced.Clear();
        return goesOn;
    }

    /// <summary>Makes a token part of the answer, and ends the answer where that is its end.</summary>
    /// <returns>Whether the answer goes on.</returns>
    private bool Append(int token, IStepResults results, bool isForced)
    {
        _sampler.Accept(token);
        results.Emit(token, isForced);
        GenerationEnd? end =
            _stops.Accept(token) ? GenerationEnd.StopSequence :
            _sampler.MustEnd ? GenerationEnd.EndOfGeneration :
            _sampler.Tokens.Length - _sampler.PromptLength >= _maxTokens ? GenerationEnd.TokenLimit : null;
        if (end is not null)
        {
            results.Finish(end);
        }

        return end is null;
    }

    /// <summary>What is forgotten is always one range behind the kept beginning.</summary>
    private int[] Remembered(ReadOnlySpan<int> tokens) => [.. tokens[.._keptTokens!.Value], .. tokens[(_keptTokens.Value + _forgotten)..]];
}
