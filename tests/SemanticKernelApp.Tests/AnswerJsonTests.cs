using System.Text.Json;
using CsCheck;
using SemanticKernelApp.Answers;

namespace SemanticKernelApp.Tests;

public sealed class AnswerJsonTests
{
    [Fact]
    public void Schema_OfSentences_HasEachWithItsOwnSpans()
    {
        JsonElement[] choices = [.. AnswerJson.Schema(["It rains.", "Go (now)!", "It rains."]).GetProperty("anyOf").EnumerateArray()];

        Assert.Equal(["It rains.", "Go (now)!"], choices.Select(static choice => choice.GetProperty("properties").GetProperty("quote").GetProperty("const").GetString()));
        Assert.Equal(
            ["It", "It rains", "rains", "It rains."],
            choices[0].GetProperty("properties").GetProperty("answer").GetProperty("enum").EnumerateArray().Select(static span => span.GetString()));
        Assert.Equal(
            ["Go", "Go (now", "now", "Go (now)!"],
            choices[1].GetProperty("properties").GetProperty("answer").GetProperty("enum").EnumerateArray().Select(static span => span.GetString()));
    }

    [Fact]
    public void Spans_OfAnySentence_StandInIt() => Gen.String[Gen.Char["ab. ,"], 1, 8].Array[1, 20].Sample(words =>
    {
        string sentence = string.Join(' ', string.Join(' ', words).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        foreach (string span in Spans.Of(sentence))
        {
            Assert.Contains(span, sentence, StringComparison.Ordinal);
        }
    });
}
