using System.Globalization;
using System.Text.Json;

namespace LlamaProvider.Options;

/// <summary>One value of an option that is an object. Some frameworks turn numbers and flags into texts, or whole numbers into others.</summary>
/// <param name="Key">The option, for errors.</param>
/// <param name="Whole">The option's value.</param>
/// <param name="Name">The member's name.</param>
/// <param name="Value">The member's value.</param>
/// <param name="Example">What the option's value looks like, for errors.</param>
internal readonly record struct OptionMember(string Key, JsonElement Whole, string Name, JsonElement Value, string Example)
{
    public double Number => double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Malformed;

    public int Count => Number is double number && number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue ? (int)number : throw Malformed;

    public bool Flag => bool.TryParse(Text, out bool flag) ? flag : throw Malformed;

    /// <summary>A text as it is. Texts that look like numbers may have become numbers on the way.</summary>
    public string Text => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : Value.GetRawText();

    public OptionNotSupportedException Malformed => new(
        Key, $"{Key} is {Whole.GetRawText()}, but must be an object of the values that docs/search.md names, such as {Example}. Change the option or leave it unset.");

    /// <summary>The members of an option in whatever form it has arrived.</summary>
    /// <param name="key">The option.</param>
    /// <param name="value">Its value: an object, or a plain value that stands for one member.</param>
    /// <param name="plain">The member that a plain value stands for.</param>
    /// <param name="kind">What kind that is.</param>
    /// <param name="example">What the value looks like, for errors.</param>
    /// <exception cref="OptionNotSupportedException">It is something else.</exception>
    public static IEnumerable<OptionMember> Read(string key, object value, string plain, JsonValueKind kind, string example)
    {
        JsonElement json = OptionValue.ToElement(key, value);
        return json.ValueKind == kind ? [new OptionMember(key, json, plain, json, example)]
            : json.ValueKind == JsonValueKind.Object
                ? json.EnumerateObject().Where(static member => member.Value.ValueKind != JsonValueKind.Null).Select(member => new OptionMember(key, json, member.Name, member.Value, example))
            : throw new OptionMember(key, json, "", json, example).Malformed;
    }

    public T Enumeration<T>()
        where T : struct, Enum =>
        Value.ValueKind == JsonValueKind.String && Enum.TryParse(Text, ignoreCase: true, out T value) && Enum.IsDefined(value) ? value : throw Malformed;
}
