using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Documents;

/// <summary>A JSON schema as it was written: its places by pointer, and what references lead to.</summary>
internal sealed class SchemaDocument
{
    private readonly Dictionary<string, SchemaLocation> _locations = [];
    private readonly Dictionary<string, SchemaLocation> _named = [];
    private readonly Dictionary<(Uri? BaseUri, string Reference), SchemaLocation> _resolved = [];

    public SchemaDocument(JsonElement schema)
    {
        Dialect = SchemaDialect.Of(schema);
        Root = At(schema, "#", baseUri: null);
        // The anchors are $anchor, $dynamicAnchor and $recursiveAnchor.
        ReadOnlySpan<byte> text = JsonMarshal.GetRawUtf8Value(schema);
        if (text.IndexOf("\"$id\""u8) >= 0 || text.IndexOf("\"id\""u8) >= 0 || text.IndexOf("nchor\""u8) >= 0)
        {
            new SchemaNames(_named).Collect(Root);
        }
    }

    public SchemaLocation Root { get; }

    public SchemaDialect Dialect { get; }

    public static string? IdOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
        && ((element.TryGetProperty("$id", out JsonElement id) && id.ValueKind == JsonValueKind.String)
            || (element.TryGetProperty("id", out id) && id.ValueKind == JsonValueKind.String))
            ? id.GetString()
            : null;

    public static Uri? Combine(Uri? baseUri, string reference)
    {
        // A schema without an address of its own still resolves references among its parts.
        baseUri ??= new Uri("schema:/");
        return Uri.TryCreate(baseUri, reference, out Uri? combined) ? combined : baseUri;
    }

    public static string Escape(string name) =>
        name.AsSpan().ContainsAny('~', '/') ? name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal) : name;

    public SchemaLocation At(JsonElement element, string pointer, Uri? baseUri)
    {
        if (!_locations.TryGetValue(pointer, out SchemaLocation? location))
        {
            if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
            {
                throw new InvalidJsonSchemaException(pointer, $"a schema is an object, true or false, not {element.ValueKind.ToString().ToLowerInvariant()}.");
            }

            location = new SchemaLocation(this, element, pointer, baseUri);
            _locations.Add(pointer, location);
        }

        return location;
    }

    /// <summary>The schema that a reference names.</summary>
    public SchemaLocation Resolve(SchemaLocation from, string keyword, string reference)
    {
        if (!_resolved.TryGetValue((from.BaseUri, reference), out SchemaLocation? target))
        {
            target = Find(from, keyword, reference);
            _resolved.Add((from.BaseUri, reference), target);
        }

        return target;
    }

    private SchemaLocation Find(SchemaLocation from, string keyword, string reference)
    {
        if (reference == "#" && from.BaseUri is null)
        {
            return Root;
        }

        (string address, string fragment) = Split(from, reference);
        SchemaLocation resource = address.Length == 0 ? Root : Find(address, from, keyword, reference);
        fragment = Uri.UnescapeDataString(fragment);
        if (fragment.Length == 0)
        {
            return resource;
        }

        return fragment[0] == '/'
            ? Follow(resource, fragment, from, keyword, reference)
            : Find($"{address}#{fragment}", from, keyword, reference);
    }

    private static (string Address, string Fragment) Split(SchemaLocation from, string reference)
    {
        int hash = reference.IndexOf('#', StringComparison.Ordinal);
        string path = hash < 0 ? reference : reference[..hash];
        string fragment = hash < 0 ? string.Empty : reference[(hash + 1)..];
        string address = path.Length == 0 ? from.BaseUri is { } own ? SchemaNames.Address(own) : string.Empty : SchemaNames.Address(Combine(from.BaseUri, path)!);
        return (address, fragment);
    }

    private SchemaLocation Find(string name, SchemaLocation from, string keyword, string reference) =>
        _named.TryGetValue(name, out SchemaLocation? found)
            ? found
            : throw from.NotSupported(keyword, $"'{reference}' names no schema in this document. Copy the schema it means into $defs and refer to it there.");

    private SchemaLocation Follow(SchemaLocation resource, string fragment, SchemaLocation from, string keyword, string reference)
    {
        JsonElement element = resource.Element;
        Uri? baseUri = resource.BaseUri;
        string pointer = resource.Pointer;
        foreach (string escaped in fragment[1..].Split('/'))
        {
            string name = escaped.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (IdOf(element) is { } id && !id.StartsWith('#') && !ReferenceEquals(pointer, resource.Pointer))
            {
                baseUri = Combine(baseUri, id);
            }

            bool isFound = element.ValueKind switch
            {
                JsonValueKind.Object => element.TryGetProperty(name, out element),
                JsonValueKind.Array => TryGetItem(ref element, name),
                _ => false,
            };
            if (!isFound)
            {
                throw new InvalidJsonSchemaException(from.Pointer, $"'{keyword}' is '{reference}', but nothing is there.");
            }

            pointer = $"{pointer}/{Escape(name)}";
        }

        return At(element, pointer, baseUri);
    }

    private static bool TryGetItem(ref JsonElement array, string index)
    {
        if (!int.TryParse(index, out int number) || (uint)number >= (uint)array.GetArrayLength())
        {
            return false;
        }

        array = array[number];
        return true;
    }
}
