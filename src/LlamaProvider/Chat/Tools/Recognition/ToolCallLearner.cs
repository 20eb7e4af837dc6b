using System.Text.Json;
using LlamaProvider.Templates;

namespace LlamaProvider.Chat.Tools.Recognition;

/// <summary>Learns how a model writes tool calls from what its template makes of calls in a conversation's history.</summary>
/// <remarks>
/// A model was trained on the template's text, so what the template writes for a call is what the model writes to make one. Calls with names and arguments that stand nowhere
/// else are rendered; what lies between these names is the format: one call, three calls, no arguments, and one and two arguments of each type tell everything apart.
/// </remarks>
internal static class ToolCallLearner
{
    private static readonly string Argument = $$"""{"{{ToolCallProbe.Keys[0]}}": 417}""";

    /// <summary>The format of a template; <see langword="null"/> when it writes no calls, or in a way that is not known.</summary>
    /// <param name="render">Renders messages with <see cref="ToolCallProbe.Tools"/>, with the beginning of an answer or without; <see langword="null"/> when the template refuses.</param>
    public static ToolCallFormat? Learn(Func<IReadOnlyList<ChatTemplateMessage>, bool, string?> render) =>
        Learn(new ToolCallProbe(render, asText: false)) ?? Learn(new ToolCallProbe(render, asText: true));

    private static ToolCallFormat? Learn(ToolCallProbe probe) => probe.Write(Argument) is { } one
        ? LearnJson(probe, one) ?? TaggedArgumentLearner.Learn(probe)
        : null;

    private static ToolCallFormat? LearnJson(ToolCallProbe probe, string text)
    {
        if (CallTexts.Split(text, calls: 1, JsonArguments) is not { } one)
        {
            return null;
        }

        CallTexts? three = probe.Write(Argument, Argument, Argument) is { } several ? CallTexts.Split(several, calls: 3, JsonArguments) : null;
        return CallSlots.ToFormat(one, three, afterName => new ArgumentSyntax.Json(afterName));
    }

    /// <summary>Where the arguments of a call stand as a JSON object.</summary>
    private static (int Start, int End)? JsonArguments(string text, int name)
    {
        int key = text.IndexOf($"\"{ToolCallProbe.Keys[0]}\"", name, StringComparison.Ordinal);
        int open = key < 0 ? -1 : text.LastIndexOf('{', key, key - name);
        return open >= 0 && JsonScan.LengthAt(text, open) is int length ? (open, open + length) : null;
    }
}

/// <summary>What stands around the names and arguments of probed calls.</summary>
/// <param name="Before">Before each call's name, from the arguments of the one before it.</param>
/// <param name="AfterName">Between each call's name and its arguments.</param>
/// <param name="End">Behind the last call's arguments.</param>
internal sealed record CallTexts(string[] Before, string[] AfterName, string End)
{
    /// <summary>Takes a text of probed calls apart; <see langword="null"/> when a call is missing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="calls">How many calls it has.</param>
    /// <param name="findArguments">Where the arguments stand that follow a name.</param>
    public static CallTexts? Split(string text, int calls, Func<string, int, (int Start, int End)?> findArguments)
    {
        string[] before = new string[calls];
        string[] afterName = new string[calls];
        int at = 0;
        for (int call = 0; call < calls; call++)
        {
            string name = ToolCallProbe.Names[call];
            int found = text.IndexOf(name, at, StringComparison.Ordinal);
            if (found < 0 || findArguments(text, found) is not { } arguments)
            {
                return null;
            }

            before[call] = text[at..found];
            afterName[call] = text[(found + name.Length)..arguments.Start];
            at = arguments.End;
        }

        return new CallTexts(before, afterName, text[at..]);
    }
}
