using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>Reads what <c>benchmarks/peers/node/xgrammar.mjs</c> answers.</summary>
internal static partial class XGrammarAnswer
{
    private const int MaxKind = 60;

    public static RowResult Read(MaskBenchRow row, JsonElement answer)
    {
        double first = answer.GetProperty("first").GetDouble();
        if (answer.TryGetProperty("error", out JsonElement error))
        {
            string message = error.GetString()!.Trim();
            return new RowResult(row, first, new RowError(Kind(message), message));
        }

        bool[] passed = [.. answer.GetProperty("passed").EnumerateArray().Select(value => value.GetBoolean())];
        return new RowResult(row, first, null)
        {
            Masks = new([.. answer.GetProperty("masks").EnumerateArray().Select(value => new MaskTime(value.GetSingle()))]),
            ValidRejected = [.. Texts(row, passed, isValid: true)],
            InvalidAccepted = [.. Texts(row, passed, isValid: false)],
        };
    }

    private static string Kind(string message)
    {
        string kind = Particulars.Replace(message.Split('\n')[0], "…");
        return kind.Length <= MaxKind ? kind : kind[..MaxKind] + "…";
    }

    /// <summary>What makes one error of a kind differ from the next: names and numbers.</summary>
    [GeneratedRegex("\"[^\"]*\"|'[^']*'|[`{\\[].*$|\\d+")]
    private static partial Regex Particulars { get; }

    private static IEnumerable<string> Texts(MaskBenchRow row, bool[] passed, bool isValid) =>
        row.Instances.Where((instance, index) => instance.IsValid == isValid && passed[index] != isValid).Select(instance => instance.Text);
}
