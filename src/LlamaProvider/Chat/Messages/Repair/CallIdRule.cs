using System.Globalization;

namespace LlamaProvider.Chat.Messages.Repair;

/// <summary>
/// A template that takes ids of nine letters or digits only gets such ones instead of others: <c>c00000000</c>, <c>c00000001</c> … in the order of the calls, so that
/// they stay the same as the conversation grows.
/// </summary>
internal static class CallIdRule
{
    private const int Length = 9;

    public static List<PromptMessage> Apply(List<PromptMessage> messages, TemplateTraits traits, RepairGate gate)
    {
        PromptMessage? other = messages.Find(message => message.Calls.Any(call => !IsShort(call.Id)));
        if (other is null || traits.TakesAnyId || traits.Calls == CallForm.None)
        {
            return messages;
        }

        gate.Pass(other, $"makes a call with the id '{other.Calls.First(call => !IsShort(call.Id)).Id}'", "takes ids of nine letters or digits only");
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        int calls = 0;
        return messages.ConvertAll(message => message with
        {
            Calls = [.. message.Calls.Select(call => call with { Id = ids[call.Id] = $"c{(calls++).ToString("D8", CultureInfo.InvariantCulture)}" })],
            CallId = message.CallId is { } id ? ids[id] : null,
        });
    }

    private static bool IsShort(string id) => id.Length == Length && id.All(char.IsAsciiLetterOrDigit);
}
