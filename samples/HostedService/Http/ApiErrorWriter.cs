using System.Globalization;
using System.Text.Json;
using HostedService.Configuration;
using HostedService.Errors;
using HostedService.Wire;

namespace HostedService.Http;

/// <summary>Writes OpenAI's error object.</summary>
internal static class ApiErrorWriter
{
    public static async Task WriteAsync(HttpContext context, ApiError error)
    {
        HttpResponse response = context.Response;
        response.StatusCode = error.Status;
        if (error.IsTemporary)
        {
            TimeSpan wait = context.RequestServices.GetRequiredService<ServiceOptions>().RetryAfter;
            response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        response.ContentType = JsonBody.MediaType;
        await JsonSerializer.SerializeAsync(response.Body, ErrorBody.Of(error), WireJson.Types.ErrorBody, context.RequestAborted);
    }
}
