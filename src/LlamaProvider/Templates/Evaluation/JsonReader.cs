using System.Globalization;
using System.Numerics;
using System.Text.Json;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Evaluation;

/// <summary>Makes values of JSON elements, as Python's <c>json.loads</c> would. All strings and keys are content.</summary>
internal sealed class JsonReader(Budget budget)
{
    public Value Read(JsonElement element)
    {
        budget.ChargeSteps(1);
        return element.ValueKind switch
        {
            JsonValueKind.String => Text(element),
            JsonValueKind.Number => Number(element),
            JsonValueKind.True => BoolValue.True,
            JsonValueKind.False => BoolValue.False,
            JsonValueKind.Array => List(element),
            JsonValueKind.Object => ReadObject(element, (_, _) => null),
            _ => NoneValue.Instance,
        };
    }

    /// <summary>Reads an object, some of whose members the caller may read itself.</summary>
    public DictValue ReadObject(JsonElement element, Func<string, JsonElement, Value?> readMember)
    {
        budget.EnterValue();
        var dict = new DictValue();
        foreach (var member in element.EnumerateObject())
        {
            budget.ChargeElements(1);
            var name = Content(NameOf(member));
            dict.Set(name, readMember(name.Characters, member.Value) ?? Read(member.Value));
        }

        budget.LeaveValue();
        return dict;
    }

    private ListValue List(JsonElement element)
    {
        budget.EnterValue();
        budget.ChargeElements(element.GetArrayLength());
        var list = new ListValue([.. element.EnumerateArray().Select(Read)]);
        budget.LeaveValue();
        return list;
    }

    public TextValue Text(JsonElement element) => Content(StringOf(element));

    /// <summary>The string, or null if it holds half of a surrogate pair, which .NET cannot decode.</summary>
    public static string? StringOf(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private TextValue Content(string? text)
    {
        if (text is null)
        {
            throw Fault.Type("A JSON string of the input holds half of a surrogate pair", "Give strings of whole characters.");
        }

        budget.CheckTextLength(text.Length);
        budget.ChargeCharacters(text.Length);
        return TextValue.FromContent(text);
    }

    private static Value Number(JsonElement element)
    {
        if (element.TryGetInt64(out var number))
        {
            return IntValue.Of(new BigInteger(number));
        }

        var text = element.GetRawText();
        if (text.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            return new FloatValue(double.Parse(text, CultureInfo.InvariantCulture));
        }

        return text.Length <= Numbers.MaxIntegerBits
            ? Numbers.Bounded(BigInteger.Parse(text, CultureInfo.InvariantCulture))
            : throw Fault.Type($"A number of the input has {text.Length} digits, which is too large", "Give a smaller number or a string.");
    }
}
