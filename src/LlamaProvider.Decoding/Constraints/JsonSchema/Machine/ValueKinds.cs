using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.States;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Machine;

/// <summary>What a value may be, told from the states where it begins.</summary>
internal static class ValueKinds
{
    private const int ListedTexts = 7;
    private const int SearchSteps = 100_000;

    private static readonly (byte First, string Kind)[] Firsts =
    [
        ((byte)'"', "string"), .. "-0123456789"u8.ToArray().Select(static first => (first, "number")), ((byte)'t', "boolean"), ((byte)'f', "boolean"), ((byte)'n', "null"),
    ];

    /// <summary>The texts of a value that has few, else its kinds.</summary>
    public static string Of(RecognizerState value)
    {
        List<string> kinds = [Scalars(value)];
        if (Enters(value, (byte)'{').Count > 0)
        {
            kinds.Add("object");
        }

        if (Enters(value, (byte)'[').Count > 0)
        {
            kinds.Add("array");
        }

        return string.Join(" or ", kinds.Where(static kind => kind.Length > 0));
    }

    /// <summary>The scalars among them; empty where there are none.</summary>
    public static string Scalars(RecognizerState value)
    {
        LexemeState? start = value switch { ValueState any => any.Scalars, LexemeState lexeme => lexeme, _ => null };
        if (start is null)
        {
            return value is ValueState ? "" : "value";
        }

        return Listed(start) ?? string.Join(" or ", Firsts.Where(first => start.Step(first.First) is not null).Select(static first => first.Kind).Distinct());
    }

    /// <summary>The states behind an opening brace or bracket.</summary>
    public static IEnumerable<RecognizerState> Containers(RecognizerState value) => Enters(value, (byte)'{').Concat(Enters(value, (byte)'['));

    private static List<RecognizerState> Enters(RecognizerState value, byte bracket)
    {
        List<RecognizerState> states = [];
        if (value.Step(bracket) is { } own && value is not LexemeState)
        {
            states.Add(own);
        }

        foreach (StateCall call in value.Calls)
        {
            if (call.Callee.Step(bracket) is { } called)
            {
                states.Add(called);
            }
        }

        return states;
    }

    private static string? Listed(LexemeState start)
    {
        try
        {
            IReadOnlyList<byte[]>? texts = FewTexts.List(start, ListedTexts, SearchSteps, "a value", "texts");
            return texts is null ? null : string.Join(" | ", texts.Select(Encoding.UTF8.GetString).Order(StringComparer.Ordinal));
        }
        catch (ConstraintTooComplexException)
        {
            // Whether there are few is not known, so the kinds have to do.
            return null;
        }
    }
}
