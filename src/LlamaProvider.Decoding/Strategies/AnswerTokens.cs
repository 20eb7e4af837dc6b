using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Decoding.Strategies;

/// <summary>The tokens of an answer of one sequence: how they are appended, where the answer ends, and which of them a full context forgets.</summary>
internal sealed class AnswerTokens
{
    private readonly Vocabulary _vocabulary;
    private readonly int _maxTokens;
    private readonly int? _keptTokens;
    private readonly JumpForward? _jump;
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
    public AnswerTokens(
        Vocabulary vocabulary, TokenSampler sampler, StopSequences stops, int? maxTokens, int? keptTokens = null, JumpForward? jump = null, ReasoningTokens? reasoning = null)
    {
        _vocabulary = vocabulary;
        Sampler = sampler;
        _stops = new StopScanner(vocabulary, stops, reasoning);
        _maxTokens = maxTokens ?? int.MaxValue;
        _keptTokens = keptTokens;
        _jump = jump;
        ReadForced();
    }

    /// <summary>Chooses the tokens, and holds prompt and answer.</summary>
    public TokenSampler Sampler { get; }

    /// <summary>What follows for certain and is not part of the answer yet.</summary>
    public List<int> Forced { get; } = [];

    /// <summary>Tokens at the beginning that a full context has forgotten.</summary>
    public int Forgotten { get; private set; }

    /// <summary>How many tokens the answer may still have.</summary>
    public int Remaining => _maxTokens - (Sampler.Tokens.Length - Sampler.PromptLength);

    /// <summary>The tokens that are not evaluated yet. What is forgotten is always one range behind the kept beginning.</summary>
    /// <param name="evaluated">How many tokens are evaluated or forgotten; 0 at the beginning and after a restart.</param>
    public ReadOnlySpan<int> After(int evaluated)
    {
        ReadOnlySpan<int> tokens = Sampler.Tokens;
        return evaluated == 0 && Forgotten > 0 ? (int[])[.. tokens[.._keptTokens!.Value], .. tokens[(_keptTokens.Value + Forgotten)..]] : tokens[evaluated..];
    }

    /// <summary>Takes a chosen token: appends it, or ends the answer where it says so, and finds what it forces.</summary>
    /// <returns>Whether the answer goes on.</returns>
    public bool Take(int token, IAnswerSink results)
    {
        if (_vocabulary.IsEndOfGeneration(token))
        {
            results.Finish(GenerationEnd.EndOfGeneration);
            return false;
        }

        bool goesOn = Append(token, results, isForced: false);
        if (goesOn)
        {
            ReadForced();
        }

        return goesOn;
    }

    /// <summary>Appends what is certain.</summary>
    /// <returns>Whether the answer goes on.</returns>
    public bool AppendForced(IAnswerSink results)
    {
        bool goesOn = true;
        for (int i = 0; i < Forced.Count && goesOn; i++)
        {
            goesOn = Append(Forced[i], results, isForced: true);
        }

        Forced.Clear();
        return goesOn;
    }

    /// <summary>As llama.cpp does: the beginning stays, and of what follows the older half goes.</summary>
    public PositionRange? ForgetOldest()
    {
        if (_keptTokens is not int kept)
        {
            return null;
        }

        int discarded = (Sampler.Tokens.Length - Forgotten - kept) / 2;
        Forgotten += Math.Max(0, discarded);
        return discarded > 0 ? new PositionRange(kept, kept + discarded) : null;
    }

    private void ReadForced()
    {
        if (_jump is not null)
        {
            Sampler.ReadForced(_jump, Forced);
        }
    }

    /// <summary>Makes a token part of the answer, and ends the answer where that is its end.</summary>
    private bool Append(int token, IAnswerSink results, bool isForced)
    {
        if (isForced)
        {
            Sampler.Recorder?.Force(token, Sampler.Tokens.Length - Sampler.PromptLength);
        }

        Sampler.Accept(token);
        results.Emit(token, isForced);
        GenerationEnd? end =
            _stops.Accept(token) ? GenerationEnd.StopSequence :
            Sampler.MustEnd ? GenerationEnd.EndOfGeneration :
            Remaining <= 0 ? GenerationEnd.TokenLimit : null;
        if (end is not null)
        {
            results.Finish(end);
        }

        return end is null;
    }
}
