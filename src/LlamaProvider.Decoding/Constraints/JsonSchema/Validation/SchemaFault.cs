namespace LlamaProvider.Decoding.Constraints.JsonSchema.Validation;

/// <summary>Why a value does not meet a schema.</summary>
/// <param name="Pointer">The schema, as a URI fragment.</param>
/// <param name="Keyword">Its keyword.</param>
/// <param name="Instance">The part of the value that breaks it, as a JSON pointer; empty for the whole.</param>
internal sealed record SchemaFault(string Pointer, string Keyword, string Instance);
