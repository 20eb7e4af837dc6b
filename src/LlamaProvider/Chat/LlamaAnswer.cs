using System.Text;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Tracing;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>
/// An answer as the model gave it, before it is read: <see cref="ChatResponse.RawRepresentation"/>, and <see cref="ChatResponseUpdate.RawRepresentation"/> of a stream's last update.
/// </summary>
/// <remarks>Immutable and thread-safe. It is not serialised with the response.</remarks>
public sealed class LlamaAnswer
{
    private readonly Vocabulary _vocabulary;

    internal LlamaAnswer(IReadOnlyList<int> tokens, Vocabulary vocabulary, IReadOnlyList<LlamaBeam> beams, IReadOnlyList<LlamaCandidate> candidates) =>
        (Tokens, _vocabulary, Beams, Candidates) = (tokens, vocabulary, beams, candidates);

    /// <summary>All tokens of the answer, those of a stop sequence included, without the one that ends a turn.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>How speculative decoding fared; <see langword="null"/> when the request did not ask for it.</summary>
    public SpeculationStatistics? Speculation { get; internal init; }

    /// <summary>How the answer came about; <see langword="null"/> when the request did not ask for it.</summary>
    public AnswerTrace? Trace { get; internal init; }

    /// <summary>The texts that a beam search has found, best first; empty when the answer was found otherwise.</summary>
    public IReadOnlyList<LlamaBeam> Beams { get; }

    /// <summary>The answers that best-of-n has drawn, best first; empty when one was generated.</summary>
    public IReadOnlyList<LlamaCandidate> Candidates { get; }

    /// <summary>Of a stream: the steps of its trace that no update before had.</summary>
    internal IReadOnlyList<TraceStep> LastSteps { get; init; } = [];

    internal Vocabulary Vocabulary => _vocabulary;

    /// <summary>The tokens as text: control tokens by their names, bytes that are no whole character as U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString([.. Tokens.SelectMany(token => _vocabulary.GetBytes(token).ToArray())]);

    /// <summary><see cref="Text"/>.</summary>
    public override string ToString() => Text;
}
