using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Validation;

/// <summary>The keywords about arrays.</summary>
internal sealed class ArrayChecks(SchemaValidator validator)
{
    public SchemaFault? Check(SchemaLocation schema, JsonElement array, string at, Evaluated evaluated)
    {
        if (array.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        JsonElement[] items = [.. array.EnumerateArray()];
        SchemaFault Fault(string keyword) => new(schema.Pointer, keyword, at);
        return schema.TryGet("minItems", out _) && items.Length < schema.Count("minItems") ? Fault("minItems")
            : schema.TryGet("maxItems", out _) && items.Length > schema.Count("maxItems") ? Fault("maxItems")
            : schema.TryGet("uniqueItems", out JsonElement unique) && unique.ValueKind == JsonValueKind.True && HasEqual(items) ? Fault("uniqueItems")
            : CheckItems(schema, items, at, evaluated)
                ?? (CanContain(schema, items, at, evaluated) ? null : Fault("contains"))
                ?? CheckUnevaluated(schema, items, at, evaluated);
    }

    private SchemaFault? CheckItems(SchemaLocation schema, JsonElement[] items, string at, Evaluated evaluated)
    {
        (IReadOnlyList<SchemaLocation> prefix, SchemaLocation? rest) = ItemsOf(schema);
        for (int i = 0; i < items.Length; i++)
        {
            if ((i < prefix.Count ? prefix[i] : rest) is not { } item)
            {
                break;
            }

            evaluated.Add(i);
            if (validator.Check(item, items[i], $"{at}/{i}", new Evaluated()) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    // Up to draft 2019-09 an array of items was what prefixItems is now.
    private static (IReadOnlyList<SchemaLocation> Prefix, SchemaLocation? Further) ItemsOf(SchemaLocation schema)
    {
        bool hasItems = schema.TryGet("items", out JsonElement items);
        if (hasItems && items.ValueKind == JsonValueKind.Array)
        {
            return (items.GetArrayLength() == 0 ? [] : schema.Children("items"), schema.TryGet("additionalItems", out _) ? schema.Child("additionalItems") : null);
        }

        return (schema.TryGet("prefixItems", out _) ? schema.Children("prefixItems") : [], hasItems ? schema.Child("items") : null);
    }

    private bool CanContain(SchemaLocation schema, JsonElement[] items, string at, Evaluated evaluated)
    {
        if (!schema.TryGet("contains", out _))
        {
            return true;
        }

        int count = 0;
        for (int i = 0; i < items.Length; i++)
        {
            if (validator.Check(schema.Child("contains"), items[i], $"{at}/{i}", new Evaluated()) is null)
            {
                count++;
                evaluated.Add(i);
            }
        }

        return count >= (schema.TryGet("minContains", out _) ? schema.Count("minContains") : 1)
            && count <= (schema.TryGet("maxContains", out _) ? schema.Count("maxContains") : int.MaxValue);
    }

    private SchemaFault? CheckUnevaluated(SchemaLocation schema, JsonElement[] items, string at, Evaluated evaluated)
    {
        for (int i = 0; i < items.Length && schema.TryGet("unevaluatedItems", out _); i++)
        {
            if (!evaluated.Contains(i) && validator.Check(schema.Child("unevaluatedItems"), items[i], $"{at}/{i}", new Evaluated()) is not null)
            {
                return new SchemaFault(schema.Pointer, "unevaluatedItems", $"{at}/{i}");
            }

            evaluated.Add(i);
        }

        return null;
    }

    private static bool HasEqual(JsonElement[] items)
    {
        for (int i = 0; i < items.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (JsonElement.DeepEquals(items[i], items[j]))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
