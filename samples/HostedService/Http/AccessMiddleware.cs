using System.Net;
using System.Security.Cryptography;
using System.Text;
using HostedService.Configuration;
using HostedService.Errors;

namespace HostedService.Http;

/// <summary>Lets callers with a key in or, where there are no keys, those on this machine.</summary>
/// <remarks>
/// The page and <c>/health</c> are open. Without keys the name that the caller used must be this machine's own too: else a web page anywhere could, by a name that it lets point here, use the
/// models of whoever reads it.
/// </remarks>
internal sealed class AccessMiddleware(RequestDelegate next, ServiceOptions options)
{
    private const string Scheme = "Bearer ";

    // Hashes have one length, so the comparison takes one time.
    private readonly byte[][] _keys = [.. options.ApiKeys.Select(static key => Hash(key.Trim()))];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) || FindRefusal(context) is not { } refusal)
        {
            return next(context);
        }

        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = Scheme.TrimEnd();
        }

        return ApiErrorWriter.WriteAsync(context, refusal);
    }

    private ApiError? FindRefusal(HttpContext context)
    {
        if (_keys.Length == 0)
        {
            return IsLocal(context)
                ? null
                : new(
                    StatusCodes.Status403Forbidden,
                    "This service has no API keys, so it serves callers on its own machine only. Set Service:ApiKeys to serve others.",
                    ApiError.InvalidRequest, Code: "no_api_keys");
        }

        string header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Unauthorized("You didn't provide an API key. Provide it in the header Authorization: Bearer YOUR_KEY.");
        }

        byte[] given = Hash(header[Scheme.Length..].Trim());
        return Array.Exists(_keys, key => CryptographicOperations.FixedTimeEquals(key, given)) ? null : Unauthorized("Incorrect API key provided. Ask whoever runs this service for one.");
    }

    private static ApiError Unauthorized(string message) => new(StatusCodes.Status401Unauthorized, message, ApiError.InvalidRequest, Code: "invalid_api_key");

    private static bool IsLocal(HttpContext context)
    {
        string host = context.Request.Host.Host;
        return (context.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address))
            && (host == "localhost" || (IPAddress.TryParse(host, out IPAddress? named) && IPAddress.IsLoopback(named)));
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
