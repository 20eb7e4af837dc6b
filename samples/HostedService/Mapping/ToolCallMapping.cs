using System.Text.Json;
using HostedService.Errors;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>Calls of functions, from requests and to answers.</summary>
internal static class ToolCallMapping
{
    /// <exception cref="ApiException">The call is incomplete, or its arguments are no JSON object.</exception>
    public static FunctionCallContent ToContent(ToolCall? call, string path)
    {
        if (call is null)
        {
            throw new ApiException(ApiErrors.InvalidType(path, "an object", "null"));
        }

        string id = call.Id ?? throw new ApiException(ApiErrors.Missing($"{path}.id"));
        string name = call.Function?.Name ?? throw new ApiException(ApiErrors.Missing($"{path}.function.name"));
        return new FunctionCallContent(id, name, ReadArguments(call.Function.Arguments, $"{path}.function.arguments"));
    }

    public static ToolCall ToWire(FunctionCallContent call, int? index = null) => new()
    {
        Index = index,
        Id = call.CallId,
        Type = "function",
        Function = new CalledFunction
        {
            Name = call.Name,
            Arguments = JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>))),
        },
    };

    private static Dictionary<string, object?> ReadArguments(string? arguments, string path)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return [];
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(arguments);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document.RootElement.EnumerateObject().ToDictionary(static member => member.Name, static member => (object?)member.Value.Clone());
            }
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            // Text that is no JSON, a name that is there twice, half a character: said below.
        }

        throw new ApiException(ApiErrors.InvalidValue(path, $"Invalid '{path}': the text is no JSON object with each name once. Send the arguments as the model gave them."));
    }
}
