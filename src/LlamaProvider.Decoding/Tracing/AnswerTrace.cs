using System.Globalization;
using System.Text.Json.Serialization;

namespace LlamaProvider.Decoding.Tracing;

/// <summary>How an answer came about: what was asked, and everything that was decided, in order. JSON in and out; docs/tracing.md has the schema.</summary>
/// <remarks>Immutable and thread-safe. It holds the conversation's tokens, so it is as confidential as the conversation.</remarks>
public sealed record AnswerTrace
{
    /// <summary>The version of the schema that this library writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the schema.</summary>
    [JsonPropertyOrder(-1)]
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The model.</summary>
    public required TraceModel Model { get; init; }

    /// <summary>What was asked.</summary>
    public required TraceRequest Request { get; init; }

    /// <summary>How much was traced.</summary>
    public required TraceLevel Level { get; init; }

    /// <summary>How many candidates each distribution shows at most.</summary>
    public required int Top { get; init; }

    /// <summary>The answer's tokens, without the one that ended it.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>How the answer ended.</summary>
    public required TraceEnd End { get; init; }

    /// <summary>Of best-of-n: the number of the answer that was taken, from 0; <see langword="null"/> when one was generated.</summary>
    public int? Draw { get; init; }

    /// <summary>What was decided, in order.</summary>
    public required IReadOnlyList<TraceStep> Steps { get; init; }

    /// <summary>How many further steps there were, for which there was no room.</summary>
    public required int DroppedSteps { get; init; }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidTraceException">It is cut short, of another version, or no trace. The message says which.</exception>
    public static AnswerTrace FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return TraceJson.Read(json);
    }

    /// <summary>The trace as JSON.</summary>
    public string ToJson() => TraceJson.Write(this);

    /// <summary>The choice of a token of the answer; <see langword="null"/> where a search found it, it was forced, or there was no room for its step.</summary>
    /// <param name="position">The place of the token in the answer, from 0.</param>
    public TokenStep? FindToken(int position) => Steps.OfType<TokenStep>().FirstOrDefault(step => step.Position == position && step.Draw == Draw);

    /// <summary>Says in plain words what was decided in a step and why.</summary>
    /// <param name="step">The step's index in <see cref="Steps"/>. Range: 0 to the number of steps − 1.</param>
    /// <returns>One paragraph in English.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    public string Explain(int step) => (uint)step < (uint)Steps.Count
        ? Explanation.Of(Steps[step])
        : throw new ArgumentOutOfRangeException(
            nameof(step),
            step,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Step {step} is asked for, but the trace holds {Steps.Count} steps, from 0, and had no room for {DroppedSteps} more. Ask for one that it holds, or raise max_steps of CaptureTrace."));
}

/// <summary>How a traced answer ended.</summary>
public enum TraceEnd
{
    /// <summary>The model ended it, or the constraint let nothing follow.</summary>
    EndOfGeneration,

    /// <summary>It reached a stop sequence.</summary>
    StopSequence,

    /// <summary>It reached its limit of tokens.</summary>
    TokenLimit,

    /// <summary>It filled the context.</summary>
    ContextLimit,
}
