using HostedService.Errors;

namespace HostedService.Http;

/// <summary>What is said of addresses that lead nowhere, in OpenAI's words.</summary>
internal static class RouteErrors
{
    public static ApiError Of(HttpContext context)
    {
        (string method, PathString path, int status) = (context.Request.Method, context.Request.Path, context.Response.StatusCode);
        string message = status switch
        {
            StatusCodes.Status404NotFound => $"Invalid URL ({method} {path})",
            StatusCodes.Status405MethodNotAllowed => $"Not allowed to {method} on {path}. (HINT: Perhaps you meant to use a different HTTP method?)",
            _ => $"{method} {path} ended with status {status}.",
        };
        return new ApiError(status, message, ApiError.InvalidRequest);
    }
}
