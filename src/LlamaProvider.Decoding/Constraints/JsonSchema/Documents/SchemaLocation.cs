using System.Text.Json;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Documents;

/// <summary>A schema inside a document. Equal by its pointer.</summary>
internal sealed class SchemaLocation(SchemaDocument document, JsonElement element, string pointer, Uri? baseUri)
{
    private Dictionary<string, JsonElement>? _keywords;

    public SchemaDocument Document { get; } = document;

    public JsonElement Element { get; } = element;

    /// <summary>The JSON pointer, as a URI fragment.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>What its references are relative to.</summary>
    public Uri? BaseUri { get; } = SchemaDocument.IdOf(element) is { } id && !id.StartsWith('#') ? SchemaDocument.Combine(baseUri, id) : baseUri;

    public bool TryGet(string keyword, out JsonElement value) => (_keywords ??= ReadKeywords()).TryGetValue(keyword, out value);

    /// <summary>The schema that is the keyword's value.</summary>
    public SchemaLocation Child(string keyword) => Document.At(Element.GetProperty(keyword), $"{Pointer}/{keyword}", BaseUri);

    /// <summary>The schemas of the keyword's array.</summary>
    public IReadOnlyList<SchemaLocation> Children(string keyword)
    {
        JsonElement array = Element.GetProperty(keyword);
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0)
        {
            throw Invalid(keyword, "must be an array of at least one schema");
        }

        return [.. array.EnumerateArray().Select((element, index) => Document.At(element, $"{Pointer}/{keyword}/{index}", BaseUri))];
    }

    /// <summary>The schemas of the keyword's object, by name.</summary>
    public IEnumerable<KeyValuePair<string, SchemaLocation>> Members(string keyword)
    {
        JsonElement members = Element.GetProperty(keyword);
        if (members.ValueKind != JsonValueKind.Object)
        {
            throw Invalid(keyword, "must be an object of schemas");
        }

        foreach (JsonProperty member in members.EnumerateObject())
        {
            yield return new(NameOf(member), Member(keyword, member));
        }
    }

    /// <summary>The schema of one member of the keyword's object.</summary>
    public SchemaLocation Member(string keyword, JsonProperty member) =>
        Document.At(member.Value, $"{Pointer}/{keyword}/{SchemaDocument.Escape(NameOf(member))}", BaseUri);

    /// <summary>A whole number that is not negative.</summary>
    public int Count(string keyword)
    {
        JsonElement value = Element.GetProperty(keyword);
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out decimal count) || count < 0 || count != Math.Floor(count))
        {
            throw Invalid(keyword, "must be a whole number, 0 or above");
        }

        return count > int.MaxValue - 1 ? int.MaxValue - 1 : (int)count;
    }

    /// <summary>Texts.</summary>
    public IReadOnlyList<string> Texts(string keyword, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            throw Invalid(keyword, "must be an array of texts");
        }

        return [.. value.EnumerateArray().Select(TextOf)];
    }

    public string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidJsonSchemaException(Pointer, "a text holds half of a surrogate pair, which no UTF-8 text can. Write the whole character.", error);
        }
    }

    public InvalidJsonSchemaException Invalid(string keyword, string rule)
    {
        string value = Element.GetProperty(keyword).GetRawText();
        return new InvalidJsonSchemaException(Pointer, $"'{keyword}' is {(value.Length > 60 ? value[..60] + "…" : value)}, but {rule}.");
    }

    public JsonSchemaNotSupportedException NotSupported(string keyword, string reason, Exception? inner = null) => new(Pointer, keyword, reason, inner);

    // A look-up in a JsonElement goes over all its members, and each family of keywords looks up several.
    private Dictionary<string, JsonElement> ReadKeywords()
    {
        var keywords = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (Element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in Element.EnumerateObject())
            {
                keywords[NameOf(member)] = member.Value;
            }
        }

        return keywords;
    }

    private string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidJsonSchemaException(Pointer, "a name holds half of a surrogate pair, which no UTF-8 text can. Write the whole character.", error);
        }
    }
}
