using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Validation;

/// <summary>The keywords about objects.</summary>
internal sealed class ObjectChecks(SchemaValidator validator, TextChecks texts)
{
    public SchemaFault? Check(SchemaLocation schema, JsonElement @object, string at, Evaluated evaluated)
    {
        if (@object.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonProperty[] members = [.. @object.EnumerateObject()];
        SchemaFault Fault(string keyword) => new(schema.Pointer, keyword, at);
        return schema.TryGet("minProperties", out _) && members.Length < schema.Count("minProperties") ? Fault("minProperties")
            : schema.TryGet("maxProperties", out _) && members.Length > schema.Count("maxProperties") ? Fault("maxProperties")
            : schema.TryGet("required", out JsonElement required) && required.ValueKind == JsonValueKind.Array && !HasAll(@object, schema.Texts("required", required)) ? Fault("required")
            : CheckDependencies(schema, @object, at, evaluated)
                ?? CheckMembers(schema, members, at, evaluated)
                ?? CheckUnevaluated(schema, members, at, evaluated);
    }

    private static bool HasAll(JsonElement @object, IReadOnlyList<string> names) => names.All(name => @object.TryGetProperty(name, out _));

    private SchemaFault? CheckDependencies(SchemaLocation schema, JsonElement @object, string at, Evaluated evaluated)
    {
        foreach (string keyword in (ReadOnlySpan<string>)["dependentRequired", "dependentSchemas", "dependencies"])
        {
            foreach (JsonProperty dependency in schema.TryGet(keyword, out JsonElement dependencies) ? dependencies.EnumerateObject() : default)
            {
                if (!@object.TryGetProperty(dependency.Name, out _))
                {
                    continue;
                }

                if (dependency.Value.ValueKind == JsonValueKind.Array)
                {
                    if (!HasAll(@object, schema.Texts(keyword, dependency.Value)))
                    {
                        return new SchemaFault(schema.Pointer, keyword, at);
                    }
                }
                else if (validator.Check(schema.Member(keyword, dependency), @object, at, evaluated) is { } fault)
                {
                    return fault;
                }
            }
        }

        return null;
    }

    private SchemaFault? CheckMembers(SchemaLocation schema, JsonProperty[] members, string at, Evaluated evaluated)
    {
        Dictionary<string, SchemaLocation> named = schema.TryGet("properties", out _) ? new(schema.Members("properties"), StringComparer.Ordinal) : [];
        KeyValuePair<string, SchemaLocation>[] patterns = schema.TryGet("patternProperties", out _) ? [.. schema.Members("patternProperties")] : [];
        foreach (JsonProperty member in members)
        {
            var applying = new List<SchemaLocation>(patterns.Where(pattern => texts.Matches(pattern.Key, member.Name)).Select(pattern => pattern.Value));
            if (named.TryGetValue(member.Name, out SchemaLocation? own))
            {
                applying.Add(own);
            }

            if (applying.Count == 0 && schema.TryGet("additionalProperties", out _))
            {
                applying.Add(schema.Child("additionalProperties"));
            }

            string place = $"{at}/{SchemaDocument.Escape(member.Name)}";
            foreach (SchemaLocation part in applying)
            {
                evaluated.Add(member.Name);
                if (validator.Check(part, member.Value, place, new Evaluated()) is { } fault)
                {
                    return fault;
                }
            }

            if (schema.TryGet("propertyNames", out _) && validator.Check(schema.Child("propertyNames"), NameOf(member), place, new Evaluated()) is { } nameFault)
            {
                return nameFault;
            }
        }

        return null;
    }

    private static JsonElement NameOf(JsonProperty member) => JsonElement.Parse($"\"{JsonEncodedText.Encode(member.Name)}\"");

    private SchemaFault? CheckUnevaluated(SchemaLocation schema, JsonProperty[] members, string at, Evaluated evaluated)
    {
        foreach (JsonProperty member in schema.TryGet("unevaluatedProperties", out _) ? members : [])
        {
            if (!evaluated.Contains(member.Name)
                && validator.Check(schema.Child("unevaluatedProperties"), member.Value, $"{at}/{SchemaDocument.Escape(member.Name)}", new Evaluated()) is not null)
            {
                return new SchemaFault(schema.Pointer, "unevaluatedProperties", $"{at}/{SchemaDocument.Escape(member.Name)}");
            }

            evaluated.Add(member.Name);
        }

        return null;
    }
}
