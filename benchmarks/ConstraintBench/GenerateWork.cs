using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>What <see cref="GenerateBench"/> asks for: an object with five members, as a schema and as GBNF, whose texts are short whatever a model says.</summary>
internal static class GenerateWork
{
    public const string Schema =
        """
        {"type":"object","additionalProperties":false,"required":["name_of_the_city","country","number_of_inhabitants","is_the_capital","famous_for"],"properties":{
        "name_of_the_city":{"type":"string","pattern":"^[A-Z][a-z]{2,9}$"},"country":{"type":"string","pattern":"^[A-Z][a-z]{2,9}$"},
        "number_of_inhabitants":{"type":"integer","minimum":1,"maximum":99999999},"is_the_capital":{"type":"boolean"},
        "famous_for":{"type":"array","minItems":2,"maxItems":2,"items":{"type":"string","pattern":"^[A-Z][a-z]{2,9}$"}}}}
        """;

    /// <summary>The same texts, written compactly. llama.cpp's converter from JSON Schema is no part of its library.</summary>
    public const string Gbnf =
        """"
        root ::= "{\"name_of_the_city\":" word ",\"country\":" word ",\"number_of_inhabitants\":" number ",\"is_the_capital\":" flag ",\"famous_for\":[" word "," word "]}"
        word ::= "\"" [A-Z] [a-z]{2,9} "\""
        number ::= [1-9] [0-9]{0,7}
        flag ::= "true" | "false"
        """";

    private static readonly string[] Cities = ["Rome", "Paris", "Berlin", "Oslo", "Madrid", "Vienna", "Athens", "Lisbon"];

    public static ChatMessage Question(int number) => new(ChatRole.User, $"Describe {Cities[number % Cities.Length]} as JSON.");
}
