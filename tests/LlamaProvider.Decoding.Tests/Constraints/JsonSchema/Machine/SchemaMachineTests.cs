using System.Text;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Machine;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema.Machine;

public sealed class SchemaMachineTests
{
    private const string Person = """
        {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"},"job":{"enum":["pilot","nurse"]}},"required":["name","age"],"additionalProperties":false}
        """;

    [Fact]
    public void Build_Object_VisitsValuesAndThePlacesBetweenThem()
    {
        SchemaMachine machine = Build(Person, "{\"", "name", "\": \"", "Ann", "\",", "\"age\":", "34", "}");

        Assert.Equal(
            ["Value ", "Object ", "Value /name", "Object ", "Value /age", "Object ", "End "],
            machine.Visits.Select(visit => machine.Places[visit.Place]).Select(place => $"{place.Kind} {place.Pointer}"));
        Assert.Equal(["\"Ann\"", "34"], machine.Visits.Where(visit => machine.Places[visit.Place].Pointer.Length > 0).Select(visit => visit.Text));
        Assert.Equal(8, machine.Visits.Sum(visit => visit.Tokens));
    }

    [Fact]
    public void Build_OptionalMember_IsThereWithoutBeingVisited()
    {
        SchemaMachine machine = Build(Person, """{"name":"Ann","age":34}""");

        SchemaPlace job = Assert.Single(machine.Places, place => place.Pointer == "/job");
        Assert.Equal("\"nurse\" | \"pilot\"", job.Allows);
        Assert.DoesNotContain(machine.Visits, visit => visit.Place == job.Id);
        Assert.Contains(machine.Ways, way => way.To == job.Id && way.Taken == 0);
        Assert.True(machine.IsComplete);
    }

    [Fact]
    public void Build_Ways_AreTakenAsOftenAsTheTextGoes()
    {
        SchemaMachine machine = Build(Person, """{"name":"Ann","age":34}""");

        Assert.Equal(machine.Visits.Count - 1, machine.Ways.Sum(way => way.Taken));
        Assert.All(machine.Ways, way => Assert.InRange(way.To, 0, machine.Places.Count - 1));
    }

    [Fact]
    public void Build_Array_IsOnePlaceWhateverItsItems()
    {
        SchemaMachine machine = Build("""{"type":"array","items":{"type":"boolean"}}""", "[true, false,true]");

        Assert.Equal(3, machine.Visits.Count(visit => machine.Places[visit.Place].Pointer == "/*"));
        Assert.Equal(["Value ", "Array ", "Value /*", "End "], machine.Places.Select(place => $"{place.Kind} {place.Pointer}"));
    }

    [Fact]
    public void Build_RecursiveSchema_OpensOnlyWhatTheTextEnters()
    {
        const string Tree = """{"$defs":{"node":{"type":"object","properties":{"left":{"$ref":"#/$defs/node"},"right":{"$ref":"#/$defs/node"}},"additionalProperties":false}},"$ref":"#/$defs/node"}""";

        SchemaMachine machine = Build(Tree, """{"left":{"right":{}}}""");

        Assert.True(machine.IsComplete);
        Assert.Contains(machine.Places, place => place.Pointer == "/left/right");
        Assert.DoesNotContain(machine.Places, place => place.Pointer.StartsWith("/right/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":"integer","minimum":20,"maximum":80}""", "42", "number")]
    [InlineData("""{"type":["string","null","boolean"]}""", "null", "string or boolean or null")]
    [InlineData("""{"enum":[1,"a",null]}""", "1", "\"a\" | 1 | null")]
    [InlineData("""{"type":["object","array","number"]}""", "1", "number or object or array")]
    public void Build_Value_SaysWhatItAllows(string schema, string text, string allows) => Assert.Equal(allows, Build(schema, text).Places[0].Allows);

    [Fact]
    public void Build_TextOfAnotherSchema_IsAnError() => Assert.Equal("The text does not meet the schema.", Assert.Throws<JsonException>(() => Build(Person, "[1]")).Message);

    [Fact]
    public void Build_UnfinishedText_EndsWhereItStops()
    {
        SchemaMachine machine = Build(Person, "{\"name\":\"An");

        Assert.Equal("/name", machine.Places[machine.Visits[^1].Place].Pointer);
        Assert.Equal("\"An", machine.Visits[^1].Text);
    }

    [Fact]
    public void Build_ManyOptionalMembers_StopsWithoutLosingTheText()
    {
        string members = string.Join(',', Enumerable.Range(0, 40).Select(number => $"\"m{number:00}\":{{\"type\":\"null\"}}"));
        SchemaMachine machine = Build($"{{\"type\":\"object\",\"properties\":{{{members}}}}}", """{"m00":null,"m39":null}""");

        Assert.False(machine.IsComplete);
        Assert.Equal(["/m00", "/m39"], machine.Visits.Select(visit => machine.Places[visit.Place].Pointer).Where(pointer => pointer.Length > 0));
    }

    private static SchemaMachine Build(string schema, params string[] tokens) =>
        SchemaMachineBuilder.Build(JsonElement.Parse(schema), options: null, [.. tokens.Select(Encoding.UTF8.GetBytes)]);
}
