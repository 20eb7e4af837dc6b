using System.Globalization;
using System.Text;
using System.Text.Json;
using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Tracing;

/// <summary>Finds the values of a JSON text and what is known of their tokens.</summary>
internal static class JsonConfidence
{
    /// <exception cref="JsonException">The text is no complete JSON value.</exception>
    public static IReadOnlyDictionary<string, ValueConfidence> Read(ReadOnlySpan<byte> json, TokenSpans tokens)
    {
        var values = new OrderedDictionary<string, ValueConfidence>(StringComparer.Ordinal);
        var open = new Stack<(int Start, string Pointer, int Items)>();
        var reader = new Utf8JsonReader(json);
        string? member = null;
        while (reader.Read())
        {
            int start = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    member = reader.GetString();
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    (int begin, string ended, _) = open.Pop();
                    values[ended] = Judge(ended, json, begin, (int)reader.BytesConsumed, tokens);
                    break;
                default:
                    // A container takes its place among the values here, and is judged again when its end is known.
                    string pointer = PointerOf(open, ref member);
                    values[pointer] = Judge(pointer, json, start, (int)reader.BytesConsumed, tokens);
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    {
                        open.Push((start, pointer, 0));
                    }

                    break;
            }
        }

        return values;
    }

    private static string PointerOf(Stack<(int Start, string Pointer, int Items)> open, ref string? member)
    {
        if (!open.TryPop(out (int Start, string Pointer, int Items) parent))
        {
            return "";
        }

        string name = member?.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal) ?? parent.Items.ToString(CultureInfo.InvariantCulture);
        open.Push(parent with { Items = parent.Items + 1 });
        member = null;
        return $"{parent.Pointer}/{name}";
    }

    private static ValueConfidence Judge(string pointer, ReadOnlySpan<byte> json, int start, int end, TokenSpans tokens)
    {
        double logProbability = 0;
        (int Start, TraceCandidate Candidate)? best = null;
        foreach ((int from, TokenStep choice) in tokens.Within(start, end))
        {
            logProbability += choice.Mask!.LogProbability;
            foreach (TraceCandidate candidate in choice.Mask.After!.Top)
            {
                if (candidate.Token != choice.Token.Id && candidate.Probability > (best?.Candidate.Probability ?? 0))
                {
                    best = (from, candidate);
                }
            }
        }

        ValueAlternative? alternative = best is { } found
            ? new ValueAlternative(Encoding.UTF8.GetString(json[start..Math.Max(start, found.Start)]) + found.Candidate.Text, found.Candidate.Probability)
            : null;
        return new ValueConfidence(pointer, Encoding.UTF8.GetString(json[start..end]), logProbability, alternative);
    }
}
