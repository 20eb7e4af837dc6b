using LlamaProvider.Chat;
using LlamaProvider.Decoding.Tracing;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tracing;

/// <summary>A replayed answer beside the traced one.</summary>
/// <remarks>Immutable, but for what the response is.</remarks>
public sealed class TraceReplay
{
    private TraceReplay(ChatResponse response, int? firstDifference, string explanation) =>
        (Response, FirstDifference, Explanation) = (response, firstDifference, explanation);

    /// <summary>The replayed answer, with a trace of its own.</summary>
    public ChatResponse Response { get; }

    /// <summary>Whether it has the same tokens.</summary>
    public bool IsExact => FirstDifference is null;

    /// <summary>The place of the first token that differs, from 0; <see langword="null"/> when none does.</summary>
    public int? FirstDifference { get; }

    /// <summary>Says in plain words what came of it, and where the tokens differ, why.</summary>
    public string Explanation { get; }

    internal static TraceReplay Compare(AnswerTrace trace, ChatResponse response)
    {
        AnswerTrace replayed = ((LlamaAnswer)response.RawRepresentation!).Trace!;
        int same = trace.Tokens.Zip(replayed.Tokens).TakeWhile(static pair => pair.First == pair.Second).Count();
        bool isExact = same == trace.Tokens.Count && same == replayed.Tokens.Count;
        return new TraceReplay(response, isExact ? null : same, isExact ? $"The replay has the same {same} tokens." : ReplayDifference.Explain(trace, replayed, same));
    }
}
