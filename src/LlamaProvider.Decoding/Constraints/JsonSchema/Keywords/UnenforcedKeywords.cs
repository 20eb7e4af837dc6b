using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>A keyword that is checked instead of enforced.</summary>
/// <param name="Pointer">The schema that holds it, as a URI fragment.</param>
/// <param name="Keyword">The keyword.</param>
internal readonly record struct UnenforcedKeyword(string Pointer, string Keyword);

/// <summary>Refuses keywords that cannot be enforced, or notes them, when they are to be checked.</summary>
/// <remarks>
/// What is left out makes a schema larger, so everything that is made of larger sets only (allOf, anyOf, members, items) stays right: nothing that meets the schema is
/// forbidden. A complement would become smaller; so <see cref="IsLoose"/> is noted with every schema that a larger one went into, and the complement of such a schema is every value.
/// </remarks>
/// <param name="isChecking">Whether they are noted.</param>
internal sealed class UnenforcedKeywords(bool isChecking)
{
    private readonly List<UnenforcedKeyword> _keywords = [];

    public IReadOnlyList<UnenforcedKeyword> Keywords => _keywords;

    /// <summary>Whether the schema being worked out is larger than it says.</summary>
    public bool IsLoose { get; set; }

    /// <summary>Leaves a keyword out.</summary>
    /// <exception cref="JsonSchemaNotSupportedException">Keywords are not checked.</exception>
    public void Leave(SchemaLocation location, string keyword, string reason) => Leave(location.NotSupported(keyword, reason));

    /// <summary>Leaves the keyword of an error out.</summary>
    /// <exception cref="JsonSchemaNotSupportedException">Keywords are not checked.</exception>
    public void Leave(JsonSchemaNotSupportedException error)
    {
        if (!isChecking)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }

        IsLoose = true;
        var keyword = new UnenforcedKeyword(error.Pointer, error.Keyword);
        if (!_keywords.Contains(keyword))
        {
            _keywords.Add(keyword);
        }
    }
}
