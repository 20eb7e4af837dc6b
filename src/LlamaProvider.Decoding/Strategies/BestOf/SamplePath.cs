namespace LlamaProvider.Decoding.Strategies.BestOf;

/// <summary>An answer that is being drawn.</summary>
/// <param name="answer">Its tokens, without forced ones.</param>
/// <param name="sequence">The sequence that holds it.</param>
internal sealed class SamplePath(AnswerTokens answer, int sequence) : IAnswerSink
{
    private readonly List<double> _logProbabilities = [];

    public int Sequence => sequence;

    /// <summary>The output of the last evaluation that says what follows.</summary>
    public int Output { get; set; }

    /// <summary>How it ended, once it has.</summary>
    public GenerationEnd? End { get; private set; }

    public ReadOnlySpan<int> Tokens => answer.Sampler.Tokens;

    public ReadOnlySpan<int> Prompt => Tokens[..answer.Sampler.PromptLength];

    public ReadOnlySpan<int> Answer => Tokens[answer.Sampler.PromptLength..];

    /// <summary>Draws the next token.</summary>
    public void Advance(ReadOnlySpan<float> logits)
    {
        int token = answer.Sampler.Choose(logits);
        _logProbabilities.Add(logits[token] - answer.Sampler.Normalizer(logits));
        answer.Take(token, this);
    }

    /// <summary>The answer as it is now, cut where it has not ended.</summary>
    public SampledAnswer ToAnswer() => new([.. Answer], [.. _logProbabilities], End ?? GenerationEnd.ContextLimit) { Draw = sequence };

    /// <summary>The sampler has the token already.</summary>
    void IAnswerSink.Emit(int token, bool isForced)
    {
    }

    void IAnswerSink.Finish(GenerationEnd end) => End = end;
}
