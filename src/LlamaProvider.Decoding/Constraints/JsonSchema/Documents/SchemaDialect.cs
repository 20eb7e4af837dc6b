using System.Text.Json;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Documents;

/// <summary>Where the versions of JSON Schema contradict each other. Where one only adds to another, all are understood.</summary>
/// <param name="ReferencesStandAlone">Up to draft 7 what stands beside <c>$ref</c> is ignored.</param>
/// <param name="WholeFractionsAreNoIntegers">Up to draft 4 the number 1.0 is no integer.</param>
internal sealed record SchemaDialect(bool ReferencesStandAlone, bool WholeFractionsAreNoIntegers)
{
    public static SchemaDialect Of(JsonElement schema)
    {
        string? address = schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$schema", out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
        int draft = address is not null && address.IndexOf("/draft-0", StringComparison.Ordinal) is var index and >= 0 && index + 8 < address.Length ? address[index + 8] - '0' : 99;
        return new SchemaDialect(draft <= 7, draft <= 4);
    }
}
