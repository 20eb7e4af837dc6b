using System.Text.Json;
using HostedService.Errors;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>Members that OpenAI's API does not have: this library's options are passed on under their own names, any other is an error.</summary>
internal static class OtherMembers
{
    private const string Prefix = "llama.";
    private const string Trace = Prefix + "trace";

    /// <exception cref="ApiException">There is another one, or a trace is asked for, which no answer here has a place for.</exception>
    public static AdditionalPropertiesDictionary? ToProperties(Dictionary<string, JsonElement>? others)
    {
        if (others is not { Count: > 0 })
        {
            return null;
        }

        var properties = new AdditionalPropertiesDictionary();
        foreach ((string name, JsonElement value) in others)
        {
            if (name == Trace)
            {
                throw new ApiException(ApiErrors.Unsupported(name, $"Unsupported parameter: '{name}'. Answers here have no place for a trace: ask for 'logprobs' in its place. Leave it out."));
            }

            properties[name] = name.StartsWith(Prefix, StringComparison.Ordinal) ? value : throw new ApiException(ApiErrors.Unknown(name));
        }

        return properties;
    }
}
