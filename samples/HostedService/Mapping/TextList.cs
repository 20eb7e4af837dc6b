using System.Text.Json;
using HostedService.Errors;
using HostedService.Wire;

namespace HostedService.Mapping;

/// <summary>Reads what may be a string or an array of strings.</summary>
internal static class TextList
{
    /// <summary>The strings; <see langword="null"/> when there are none.</summary>
    /// <param name="value">The member.</param>
    /// <param name="path">Its name.</param>
    /// <exception cref="ApiException">It is something else, or token ids.</exception>
    public static IReadOnlyList<string>? Read(JsonElement? value, string path)
    {
        switch (value)
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.String } text:
                return [text.GetString()!];
            case { ValueKind: JsonValueKind.Array } list:
                RefuseTokens(list, path);
                IReadOnlyList<string?> texts = WireJson.Read(list, WireJson.Types.IReadOnlyListString, path);
                return [.. texts.Select((text, index) => text ?? throw new ApiException(ApiErrors.InvalidType($"{path}[{index}]", "a string", "null")))];
            default:
                throw new ApiException(ApiErrors.InvalidType(path, "a string or an array of strings", FormNames.Found(value.Value)));
        }
    }

    /// <summary>OpenAI's token ids mean nothing to another vocabulary, so numbers are refused and never read as this model's.</summary>
    private static void RefuseTokens(JsonElement list, string path)
    {
        int at = list.EnumerateArray().TakeWhile(static item => item.ValueKind is not (JsonValueKind.Number or JsonValueKind.Array)).Count();
        if (at < list.GetArrayLength())
        {
            throw new ApiException(ApiErrors.Unsupported(
                $"{path}[{at}]", $"Invalid '{path}[{at}]': token ids belong to the tokenizer that made them, and this model has its own. Send texts."));
        }
    }
}
