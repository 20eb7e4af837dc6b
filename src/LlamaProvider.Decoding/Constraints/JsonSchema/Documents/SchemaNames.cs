using System.Text.Json;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Documents;

/// <summary>Collects the schemas of a document that have a name of their own: an identifier or an anchor.</summary>
internal sealed class SchemaNames(Dictionary<string, SchemaLocation> named)
{
    /// <summary>How a schema's address is written in the table: without an empty fragment.</summary>
    public static string Address(Uri uri) => uri.GetLeftPart(UriPartial.Query);

    public void Collect(SchemaLocation root)
    {
        var open = new Stack<(JsonElement Element, string Pointer, Uri? BaseUri, bool IsSchema)>();
        open.Push((root.Element, root.Pointer, null, true));
        while (open.TryPop(out var place))
        {
            Uri? baseUri = place.BaseUri;
            if (place.Element.ValueKind == JsonValueKind.Object)
            {
                if (place.IsSchema)
                {
                    baseUri = Name(root.Document, place.Element, place.Pointer, baseUri);
                }

                foreach (JsonProperty member in place.Element.EnumerateObject())
                {
                    // The members of these are named by users, so one called "id" is no identifier.
                    bool isTable = place.IsSchema && member.Name is "properties" or "patternProperties" or "definitions" or "$defs" or "dependencies" or "dependentSchemas";
                    if (!place.IsSchema || member.Name is not ("enum" or "const" or "default" or "examples"))
                    {
                        open.Push((member.Value, $"{place.Pointer}/{SchemaDocument.Escape(member.Name)}", baseUri, !isTable));
                    }
                }
            }
            else if (place.Element.ValueKind == JsonValueKind.Array)
            {
                int index = 0;
                foreach (JsonElement item in place.Element.EnumerateArray())
                {
                    open.Push((item, $"{place.Pointer}/{index++}", baseUri, true));
                }
            }
        }
    }

    private Uri? Name(SchemaDocument document, JsonElement element, string pointer, Uri? baseUri)
    {
        string? id = SchemaDocument.IdOf(element);
        Uri? own = id is null || id.StartsWith('#') ? baseUri : SchemaDocument.Combine(baseUri, id);
        if (own is not null && !ReferenceEquals(own, baseUri))
        {
            named.TryAdd(Address(own), document.At(element, pointer, baseUri));
        }

        string prefix = own is null ? string.Empty : Address(own);
        string? anchor = id is ['#', ..] ? id[1..] : null;
        foreach (string keyword in (ReadOnlySpan<string>)["$anchor", "$dynamicAnchor"])
        {
            anchor = element.TryGetProperty(keyword, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : anchor;
        }

        if (anchor is not null)
        {
            named.TryAdd($"{prefix}#{anchor}", document.At(element, pointer, baseUri));
        }

        return own;
    }
}
