using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace DecodingLab.Compare;

/// <summary>Chat options from JSON: the members of <see cref="ChatOptions"/> in camel case, and keys that begin with <c>llama.</c> beside them.</summary>
internal static class OptionSet
{
    private const string Prefix = "llama.";

    // A member that is misspelled would be compared with itself, so it is an error.
    private static readonly JsonSerializerOptions Members = new(AIJsonUtilities.DefaultOptions) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <param name="argument">The JSON, or the file that has it.</param>
    /// <exception cref="LabException">There is no such file, or it has something else.</exception>
    public static ChatOptions Read(string argument)
    {
        string text = argument.TrimStart().StartsWith('{') ? argument : ReadFile(argument);
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonProperty[] properties = [.. document.RootElement.EnumerateObject()];
            var plain = new Dictionary<string, JsonElement>(properties.Where(static property => !IsOurs(property)).Select(static property => KeyValuePair.Create(property.Name, property.Value)));
            ChatOptions options = JsonSerializer.SerializeToElement(plain, AIJsonUtilities.DefaultOptions).Deserialize<ChatOptions>(Members)!;
            options.AdditionalProperties ??= [];
            foreach (JsonProperty property in properties.Where(IsOurs))
            {
                options.AdditionalProperties[property.Name] = property.Value.Clone();
            }

            return options;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new LabException($"The options '{argument}' are no JSON object with members of ChatOptions and keys that begin with '{Prefix}': {error.Message} docs/options.md lists them.", error);
        }
    }

    private static bool IsOurs(JsonProperty property) => property.Name.StartsWith(Prefix, StringComparison.Ordinal);

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"The options '{path}' are neither JSON nor a file that can be read: {error.Message} Give an object such as {{\"temperature\":0}}, or a file with one.", error);
        }
    }
}
