using System.Text.Json;
using HostedService.Errors;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>Members that OpenAI's API does not have: this library's options are passed on under their own names, any other is an error.</summary>
internal static class OtherMembers
{
    private const string Prefix = "llama.";

    /// <exception cref="ApiException">There is another one.</exception>
    public static AdditionalPropertiesDictionary? ToProperties(Dictionary<string, JsonElement>? others)
    {
        if (others is not { Count: > 0 })
        {
            return null;
        }

        var properties = new AdditionalPropertiesDictionary();
        foreach ((string name, JsonElement value) in others)
        {
            properties[name] = name.StartsWith(Prefix, StringComparison.Ordinal) ? value : throw new ApiException(ApiErrors.Unknown(name));
        }

        return properties;
    }
}
