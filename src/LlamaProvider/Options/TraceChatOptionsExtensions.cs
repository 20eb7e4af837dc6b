using LlamaProvider.Decoding.Tracing;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>Tracing on <see cref="ChatOptions"/>: how an answer came about, token by token. See docs/tracing.md.</summary>
/// <remarks>The answer is the same as without. The trace is on the response: <see cref="LlamaProvider.Tracing.TraceResponseExtensions.GetTrace(ChatResponse)"/>.</remarks>
public static class TraceChatOptionsExtensions
{
    /// <summary>Captures a trace, stored under <c>llama.trace</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="level">How much. Default: <see cref="TraceLevel.Tokens"/>.</param>
    /// <param name="top">How many candidates each distribution shows. Default: 10. Range: 1 to 50.</param>
    /// <returns>The options.</returns>
    /// <exception cref="OptionNotSupportedException">A value is out of its range.</exception>
    public static ChatOptions CaptureTrace(this ChatOptions options, TraceLevel level = TraceLevel.Tokens, int top = 10) => options.CaptureTrace(new TraceOptions(level, top));

    /// <summary>Captures a trace, stored under <c>llama.trace</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="trace">What to trace.</param>
    /// <returns>The options.</returns>
    /// <exception cref="OptionNotSupportedException">A value is out of its range.</exception>
    public static ChatOptions CaptureTrace(this ChatOptions options, TraceOptions trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return OptionValue.Set(options, LlamaOptionKeys.Trace, TraceOptionsJson.Write(trace));
    }

    /// <summary>What <c>CaptureTrace</c> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>What to trace, or <see langword="null"/> for nothing.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored cannot be read, or a value is out of its range.</exception>
    public static TraceOptions? GetTraceOptions(this ChatOptions options) =>
        OptionValue.Find(options, LlamaOptionKeys.Trace) is { } value ? TraceOptionsJson.Read(value) : null;
}
