using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tracing;
using Xunit;

namespace LlamaProvider.Visualization.Tests;

public sealed class SchemaMachineFigureTests
{
    private static readonly string[] Tokens = ["{\"", "city", "\":\"", "<Rome>", "\"}", "<end>", "x"];

    private static readonly Vocabulary Vocabulary = new(
        Tokens.Select(static token => new VocabularyEntry(Encoding.UTF8.GetBytes(token), token == "<end>" ? TokenAttributes.EndOfGeneration : TokenAttributes.None)), new SpecialTokens());

    private static readonly AnswerTrace Bound = Of("""{"additionalProperties":{"llama.json_schema":{"type":"object","properties":{"city":{"type":"string"},"mayor":{"type":"string"}},"required":["city"],"additionalProperties":false}}}""");

    [Fact]
    public void Machine_Answer_TakesItsWayThroughThePlaces()
    {
        XElement svg = SvgReader.Read(SchemaMachineFigure.Of(Bound, Vocabulary));

        XElement[] places = svg.Marks("place");
        XElement city = Assert.Single(places, place => place.Text("pointer") == "/city");
        Assert.Equal(("\"<Rome>\"", 1.0), (city.Text("text"), city.Number("visits")));
        Assert.Equal(0, Assert.Single(places, place => place.Text("pointer") == "/mayor").Number("visits"));
        Assert.Equal(5, places.Numbers("tokens").Sum());
        Assert.Equal(places.Numbers("visits").Sum() - 1, svg.Marks("way").Numbers("taken").Sum());
    }

    [Fact]
    public void Machine_Description_SaysTheWay() => Assert.EndsWith(
        "The answer's way: answer: object; { nothing yet; /city: string = \"<Rome>\"; { has city; end.", SchemaMachineFigure.Of(Bound, Vocabulary).Description, StringComparison.Ordinal);

    [Fact]
    public void Machine_ResponseFormat_IsASchemaToo() =>
        Assert.Equal(1, SvgReader.Read(SchemaMachineFigure.Of(Of("""{"responseFormat":{"$type":"json","schema":{"type":"object"}}}"""), Vocabulary)).Marks("place").Count(place => place.Text("kind") == "End"));

    [Fact]
    public void Machine_NoSchema_SaysHowToCapture() => Refuses(
        "The figure needs the JSON schema of the answer, but the trace holds none. Capture an answer with UseJsonSchema, or a ResponseFormat that has a schema.", Of("{}"));

    [Fact]
    public void Machine_TextBesideTheSchema_SaysWhy() => Refuses(
        "The figure needs an answer that is JSON of its schema from the first token on, but this one is not: thinking precedes it, or the vocabulary is another model's. Ask without thinking, and give the vocabulary of the model that wrote it.",
        Bound with { Tokens = [6, 0, 1] });

    [Fact]
    public void Machine_TokenOfAnotherModel_SaysWhich() => Refuses(
        "The trace has token 70, but the vocabulary has 7 tokens. Give the vocabulary of the model that wrote the answer.", Bound with { Tokens = [0, 70] });

    private static AnswerTrace Of(string options)
    {
        AnswerTrace trace = FigureTraces.Of();
        return trace with { Tokens = [0, 1, 2, 3, 4], Request = trace.Request with { Options = JsonElement.Parse(options) } };
    }

    private static void Refuses(string message, AnswerTrace trace) => Assert.Equal(message, Assert.Throws<TraceNotCapturedException>(() => SchemaMachineFigure.Of(trace, Vocabulary)).Message);
}
