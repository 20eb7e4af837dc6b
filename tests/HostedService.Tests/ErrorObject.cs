using System.Net;
using System.Text.Json;

namespace HostedService.Tests;

/// <summary>An error as a caller sees it.</summary>
internal sealed record ErrorObject(HttpStatusCode Status, string Message, string Type, string? Param, string? Code)
{
    /// <summary>Reads one; its object has these four members and no others.</summary>
    public static async Task<ErrorObject> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        JsonElement error = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(static member => member.Name));
        return new ErrorObject(
            response.StatusCode, error.GetProperty("message").GetString()!, error.GetProperty("type").GetString()!, error.GetProperty("param").GetString(), error.GetProperty("code").GetString());
    }
}
