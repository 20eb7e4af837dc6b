using System.Text;

namespace LlamaProvider.Chat.Tools.Recognition;

/// <summary>Turns texts of probed calls into a format: what differs from call to call becomes a slot.</summary>
internal static class CallSlots
{
    /// <summary>The format; <see langword="null"/> when the texts do not make one.</summary>
    /// <param name="one">An answer with one call.</param>
    /// <param name="three">An answer with three; <see langword="null"/> when the template does not write several.</param>
    /// <param name="arguments">Makes the arguments' syntax of what stands behind the name.</param>
    public static ToolCallFormat? ToFormat(CallTexts one, CallTexts? three, Func<CallText, ArgumentSyntax?> arguments)
    {
        string? between = three is null ? null : Merge(Of(three.Before[1]), Of(three.Before[2]));
        string? afterName = three is null ? Of(one.AfterName[0], 0) : Merge(Of(three.AfterName[0], 0), Of(three.AfterName[1], 1));
        if (between is null || afterName is null || HasName(between))
        {
            (between, afterName) = (null, Of(one.AfterName[0], 0));
        }

        string begin = Of(one.Before[0]);
        begin = between is null ? begin : WithIndexes(begin, between);
        string end = Of(one.End);
        return HasName(begin) || HasName(end) || arguments(new CallText(afterName)) is not { } syntax
            ? null
            : new ToolCallFormat
            {
                Begin = new CallText(begin),
                Between = between is null ? null : new CallText(between),
                End = new CallText(end),
                Arguments = syntax,
                Trigger = TriggerOf(begin),
            };
    }

    /// <summary>A text with slots for identifiers and, if it belongs to a call, for that call's name.</summary>
    public static string Of(string text, int? call = null)
    {
        string slots = ToolCallProbe.Ids.Aggregate(text, static (text, id) => text.Replace(id, CallText.Id.ToString(), StringComparison.Ordinal));
        return call is int index ? slots.Replace(ToolCallProbe.Names[index], CallText.Name.ToString(), StringComparison.Ordinal) : slots;
    }

    /// <summary>What two texts have in common when they differ in numbers only, with slots for these; <see langword="null"/> when they differ otherwise.</summary>
    private static string? Merge(string first, string second)
    {
        if (first.Length != second.Length)
        {
            return null;
        }

        var merged = new StringBuilder(first);
        for (int i = 0; i < first.Length; i++)
        {
            if (first[i] != second[i])
            {
                if (!char.IsAsciiDigit(first[i]) || !char.IsAsciiDigit(second[i]))
                {
                    return null;
                }

                merged[i] = CallText.Index;
            }
        }

        return merged.ToString();
    }

    /// <summary>The call's number stands at the same distance from the name in the first call as in the others.</summary>
    private static string WithIndexes(string begin, string between)
    {
        var text = new StringBuilder(begin);
        for (int distance = 1; distance <= Math.Min(begin.Length, between.Length); distance++)
        {
            if (between[^distance] == CallText.Index && char.IsAsciiDigit(begin[^distance]))
            {
                text[^distance] = CallText.Index;
            }
        }

        return text.ToString();
    }

    private static bool HasName(string text) => ToolCallProbe.Names.Any(name => text.Contains(name, StringComparison.Ordinal));

    /// <summary>The mark that a call begins with; one that is made of JSON or words alone tells nothing apart.</summary>
    private static string? TriggerOf(string begin)
    {
        string mark = Marks.First(new CallText(begin).Start);
        return mark.AsSpan().IndexOfAny('<', '[') >= 0 && mark is not "[" ? mark : null;
    }
}
