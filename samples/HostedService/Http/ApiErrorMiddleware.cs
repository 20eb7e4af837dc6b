using System.Diagnostics;
using HostedService.Errors;

namespace HostedService.Http;

/// <summary>Ends requests that went wrong: with an error object, or, when the caller has left, with a line in the log.</summary>
internal sealed partial class ApiErrorMiddleware(RequestDelegate next, ILogger<ApiErrorMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads this answer; its status is for logs and metrics.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }

            CallerLeft(logger, context.Request.Method, context.Request.Path, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            ApiError answer = ExceptionMapping.ToApiError(error);
            Log(context, answer, error);
            await ApiErrorWriter.WriteAsync(context, answer);
        }
    }

    private void Log(HttpContext context, ApiError answer, Exception error)
    {
        if (answer.Status >= StatusCodes.Status500InternalServerError)
        {
            Failed(logger, error, context.Request.Method, context.Request.Path, answer.Status);
        }
        else
        {
            Refused(logger, context.Request.Method, context.Request.Path, answer.Status, answer.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Path} 499: the caller left after {Milliseconds:0} ms")]
    private static partial void CallerLeft(ILogger logger, string method, PathString path, double milliseconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Path} {Status}: {Error}")]
    private static partial void Refused(ILogger logger, string method, PathString path, int status, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} {Status}")]
    private static partial void Failed(ILogger logger, Exception error, string method, PathString path, int status);
}
