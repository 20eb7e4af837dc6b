using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>How a request stands among others, on <see cref="ChatOptions"/>.</summary>
public static class SchedulingChatOptionsExtensions
{
    /// <summary>
    /// Gives a request a priority, stored under <c>llama.priority</c>. Requests of a higher one are admitted first, have their prompts evaluated first, and give up
    /// their memory last; what runs already is not interrupted for them. Within a priority the order is that of arrival.
    /// </summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="priority">The priority. Default of requests without one: 0. Range: any; a request of low priority may wait as long as others of a higher one come.</param>
    /// <returns>The options.</returns>
    public static ChatOptions UsePriority(this ChatOptions options, int priority) =>
        OptionValue.Set(options, LlamaOptionKeys.Priority, JsonElement.Parse(priority.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The priority, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The priority, or <see langword="null"/> when none is set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored is not a whole number.</exception>
    public static int? GetPriority(this ChatOptions options)
    {
        if (OptionValue.Find(options, LlamaOptionKeys.Priority) is not { } value)
        {
            return null;
        }

        JsonElement json = OptionValue.ToJson(LlamaOptionKeys.Priority, value);
        return json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out double number) && number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw new OptionNotSupportedException(
                LlamaOptionKeys.Priority, $"{LlamaOptionKeys.Priority} is {json.GetRawText()}, but must be a whole number. Change the option or leave it unset.");
    }
}
