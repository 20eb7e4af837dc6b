using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace LlamaProvider.Downloads.Transfer;

/// <summary>How requests are repeated: on what passes by itself (network, 408, 429, 5xx), later each time, or when the server says.</summary>
internal static class RequestPipeline
{
    public static HttpClient CreateClient(ModelDownloadOptions options)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = options.TimeProvider };
        if (options.Attempts > 1)
        {
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.Attempts - 1,
                Delay = options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = options.RetryDelay > TimeSpan.Zero,
                ShouldRetryAfterHeader = true,
                ShouldHandle = arguments => ValueTask.FromResult(IsTransient(arguments, options)),
            });
        }

        pipeline.AddTimeout(new HttpTimeoutStrategyOptions { Timeout = options.StallTimeout });
        var handler = new ResilienceHandler(pipeline.Build()) { InnerHandler = options.Handler ?? new SocketsHttpHandler { AllowAutoRedirect = false } };

        // The time limit of a client would cover the whole body. A given handler is its giver's to dispose.
        return new HttpClient(handler, disposeHandler: options.Handler is null) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static bool IsTransient(RetryPredicateArguments<HttpResponseMessage> arguments, ModelDownloadOptions options)
    {
        if (arguments.Outcome.Exception is { } error)
        {
            return error is HttpRequestException or TimeoutRejectedException;
        }

        HttpResponseMessage response = arguments.Outcome.Result!;
        return response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
            && !(WantedWait(response, options.TimeProvider) > options.LongestWait);
    }

    /// <summary>How long a server asks to wait.</summary>
    public static TimeSpan? WantedWait(HttpResponseMessage response, TimeProvider time) =>
        response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date is { } date ? date - time.GetUtcNow() : null);
}
