using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HostedService.Errors;
using HostedService.Wire;

namespace HostedService.Http;

/// <summary>Reads and writes bodies.</summary>
internal static class JsonBody
{
    public const string MediaType = "application/json";

    /// <summary>Reads a request's body.</summary>
    /// <exception cref="ApiException">It is no JSON of this form, or is said to be something else.</exception>
    /// <exception cref="BadHttpRequestException">It is larger than allowed, or did not arrive as a whole.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        // A page of another origin can send anything but this type without being asked first, so it also keeps such pages out.
        if (!context.Request.HasJsonContentType())
        {
            throw new ApiException(new ApiError(
                StatusCodes.Status415UnsupportedMediaType,
                $"The request's Content-Type is '{context.Request.ContentType}', but must be {MediaType}. Set the header.",
                ApiError.InvalidRequest, Code: "unsupported_media_type"));
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return WireJson.Read(body.GetBuffer().AsMemory(0, (int)body.Length), type);
    }

    public static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = MediaType;
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }
}
