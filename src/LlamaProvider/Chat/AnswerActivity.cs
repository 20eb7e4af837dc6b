using System.Diagnostics;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;

namespace LlamaProvider.Chat;

/// <summary>The trace of one answer: an activity <c>llama.generate</c> of the source <c>LlamaProvider</c>, from submission to the end of the request.</summary>
/// <remarks>
/// It says what the engine knows and the chat layer does not: waiting, batching, caching. Semantic conventions for chats (<c>gen_ai.*</c>) are left to
/// Microsoft.Extensions.AI's <c>UseOpenTelemetry</c>, whose span becomes its parent. Without a listener there is no activity and no cost.
/// </remarks>
internal sealed class AnswerActivity
{
    public const string SourceName = "LlamaProvider";
    private static readonly ActivitySource Source = new(SourceName);

    private readonly Activity _activity;

    private AnswerActivity(Activity activity) => _activity = activity;

    public static AnswerActivity? Start(string model, int promptTokens)
    {
        // An answer outlives the method that starts it, so the caller's activity stays the current one.
        Activity? current = Activity.Current;
        Activity? activity = Source.StartActivity("llama.generate");
        Activity.Current = current;
        activity?.SetTag("llama.model", model).SetTag("llama.prompt_tokens", promptTokens);
        return activity is null ? null : new AnswerActivity(activity);
    }

    public void Stop(GenerationRequest request, EngineMetrics metrics, GenerationEnd? end)
    {
        RequestTimes times = request.Times;
        _activity.SetTag("llama.request.end", end is null ? "reader_left" : EngineMetrics.Name(end.Reason))
            .SetTag("llama.cached_tokens", request.CachedTokens)
            .SetTag("llama.output_tokens", times.OutputTokens)
            .SetTag("llama.forced_tokens", times.ForcedTokens)
            .SetTag("llama.drafted_tokens", times.DraftedTokens)
            .SetTag("llama.accepted_tokens", times.AcceptedTokens)
            .SetTag("llama.queue_wait", times.Admitted is long admitted ? metrics.Seconds(times.Arrived, admitted) : null)
            .SetTag("llama.time_to_first_token", times.FirstToken is long first ? metrics.Seconds(times.Arrived, first) : null);
        if (end?.Error is { } error)
        {
            _activity.SetStatus(ActivityStatusCode.Error, error.Message).AddException(error);
        }

        Activity? current = Activity.Current;
        _activity.Stop();
        Activity.Current = current;
    }
}
