using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Messages;

/// <summary>What the model reads of a function's result.</summary>
internal static class ResultText
{
    /// <summary>Stands for a failure of which the result says nothing. The exception's own text may hold what no model should see.</summary>
    private const string Failure = "Error: Function failed.";

    /// <summary>Texts as they are, contents by their text, anything else as JSON.</summary>
    /// <param name="result">The content.</param>
    /// <param name="tool">Whose result it is, for errors.</param>
    /// <param name="place">Where it stands, for errors.</param>
    public static string Write(FunctionResultContent result, string tool, ContentPlace place) => result.Result switch
    {
        null => result.Exception is null ? "" : Failure,
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        AIContent content => TextOf(content, place),
        IEnumerable<AIContent> contents => string.Concat(contents.Select(content => TextOf(content, place))),
        var value => ToJson(value, tool, place),
    };

    private static string TextOf(AIContent content, ContentPlace place) => content switch
    {
        TextContent text => text.Text,
        DataContent data => ContentRules.TextOf(data, place),
        _ => throw place.Refuse($"is a result that holds a {content.GetType().Name}", "but this model takes text only"),
    };

    private static string ToJson(object value, string tool, ContentPlace place)
    {
        try
        {
            return ContentJson.Write(value);
        }
        catch (Exception error) when (ContentJson.IsRefusal(error))
        {
            throw place.Error(
                $"is the result of the function '{tool}', a {value.GetType().Name}, which has no JSON: {ContentJson.Reason(error)} Return JSON, plain values or text.", "", error);
        }
    }
}
