using System.Runtime.CompilerServices;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Validation;

/// <summary>Tells whether a JSON value meets a schema, with all keywords, also those that cannot be enforced while a text is generated.</summary>
/// <remarks>
/// A plain evaluator (JSON Schema 2020-12, section 7): every keyword of every schema that applies, in place, with what it evaluated collected for the two
/// keywords that ask for it. NJsonSchema 11 knows drafts 4 to 7 only, without <c>const</c>, <c>if</c>, <c>prefixItems</c> and <c>unevaluated…</c>, which are the keywords that
/// checking is for; and this one reads the document, its references and its dialect as the compiler does. One thread at a time.
/// </remarks>
internal sealed class SchemaValidator
{
    private readonly SchemaDocument _document;
    private readonly ScalarChecks _scalars;
    private readonly ArrayChecks _arrays;
    private readonly ObjectChecks _objects;
    private readonly HashSet<(string Schema, string At)> _open = [];

    public SchemaValidator(SchemaDocument document, ConstraintLimits limits)
    {
        _document = document;
        var texts = new TextChecks(limits);
        _scalars = new ScalarChecks(texts);
        _arrays = new ArrayChecks(this);
        _objects = new ObjectChecks(this, texts);
    }

    /// <summary>Why a value does not meet the schema; <see langword="null"/> when it does.</summary>
    /// <exception cref="InvalidJsonSchemaException">A schema asks for itself before it asks for anything else.</exception>
    /// <exception cref="ConstraintTooComplexException">The schema or the value nests too deeply.</exception>
    public SchemaFault? FindFault(JsonElement value)
    {
        _open.Clear();
        return Check(_document.Root, value, string.Empty, new Evaluated());
    }

    internal SchemaFault? Check(SchemaLocation schema, JsonElement value, string at, Evaluated evaluated)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new ConstraintTooComplexException("The answer, or the JSON schema's allOf, anyOf, oneOf, not and $ref, nest too deeply to be checked. Nest fewer.");
        }

        if (schema.Element.ValueKind != JsonValueKind.Object)
        {
            return schema.Element.ValueKind == JsonValueKind.True ? null : new SchemaFault(schema.Pointer, "false", at);
        }

        if (schema.Document.Dialect.ReferencesStandAlone && schema.TryGet("$ref", out _))
        {
            return CheckReference(schema, "$ref", value, at, evaluated);
        }

        // What is unevaluated is asked about this schema alone, after all its other keywords.
        var own = new Evaluated();
        SchemaFault? fault = _scalars.Check(schema, value, at)
            ?? CheckCombinations(schema, value, at, own)
            ?? _arrays.Check(schema, value, at, own)
            ?? _objects.Check(schema, value, at, own);
        evaluated.UnionWith(own);
        return fault;
    }

    private SchemaFault? CheckCombinations(SchemaLocation schema, JsonElement value, string at, Evaluated evaluated)
    {
        foreach (string keyword in (ReadOnlySpan<string>)["$ref", "$recursiveRef", "$dynamicRef"])
        {
            if (schema.TryGet(keyword, out _) && CheckReference(schema, keyword, value, at, evaluated) is { } fault)
            {
                return fault;
            }
        }

        if (schema.TryGet("allOf", out _))
        {
            foreach (SchemaLocation part in schema.Children("allOf"))
            {
                if (Check(part, value, at, evaluated) is { } fault)
                {
                    return fault;
                }
            }
        }

        if (schema.TryGet("anyOf", out _) && CountMet(schema, "anyOf", value, at, evaluated) == 0)
        {
            return new SchemaFault(schema.Pointer, "anyOf", at);
        }

        if (schema.TryGet("oneOf", out _) && CountMet(schema, "oneOf", value, at, evaluated) != 1)
        {
            return new SchemaFault(schema.Pointer, "oneOf", at);
        }

        return schema.TryGet("not", out _) && Check(schema.Child("not"), value, at, new Evaluated()) is null
            ? new SchemaFault(schema.Pointer, "not", at)
            : CheckCondition(schema, value, at, evaluated);
    }

    private SchemaFault? CheckReference(SchemaLocation schema, string keyword, JsonElement value, string at, Evaluated evaluated)
    {
        schema.TryGet(keyword, out JsonElement reference);
        SchemaLocation target = _document.Resolve(schema, keyword, schema.TextOf(reference));
        if (!_open.Add((target.Pointer, at)))
        {
            throw InvalidJsonSchemaException.OfSelfReference(target.Pointer);
        }

        SchemaFault? fault = Check(target, value, at, evaluated);
        _open.Remove((target.Pointer, at));
        return fault;
    }

    private int CountMet(SchemaLocation schema, string keyword, JsonElement value, string at, Evaluated evaluated)
    {
        int count = 0;
        foreach (SchemaLocation branch in schema.Children(keyword))
        {
            var own = new Evaluated();
            if (Check(branch, value, at, own) is null)
            {
                count++;
                evaluated.UnionWith(own);
            }
        }

        return count;
    }

    private SchemaFault? CheckCondition(SchemaLocation schema, JsonElement value, string at, Evaluated evaluated)
    {
        if (!schema.TryGet("if", out _))
        {
            return null;
        }

        var own = new Evaluated();
        bool isMet = Check(schema.Child("if"), value, at, own) is null;
        if (isMet)
        {
            evaluated.UnionWith(own);
        }

        string branch = isMet ? "then" : "else";
        return schema.TryGet(branch, out _) ? Check(schema.Child(branch), value, at, evaluated) : null;
    }
}
