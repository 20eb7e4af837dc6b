using System.Runtime.CompilerServices;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema;

/// <summary>What a compiled schema keeps.</summary>
public sealed class SchemaMemoryTests
{
    private const string Schema = """
        {
          "$defs": { "node": { "type": "object", "properties": { "name": { "type": "string", "maxLength": 9 }, "next": { "$ref": "#/$defs/node" } }, "required": ["name"] } },
          "type": "object",
          "properties": { "kind": { "enum": ["tree", "list"] }, "nodes": { "type": "array", "items": { "$ref": "#/$defs/node" }, "contains": { "required": ["next"] } } },
          "patternProperties": { "^x-": { "oneOf": [{ "type": "integer" }, { "multipleOf": 5 }] } },
          "dependentRequired": { "kind": ["nodes"] }
        }
        """;

    [Fact]
    public void Compile_DocumentOfTheSchema_IsNotKept()
    {
        (CompiledGrammar grammar, WeakReference document) = Compile();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(document.IsAlive);

        // States are made from the plans that are left.
        Assert.False(grammar.Allows("""{"nodes":[{"name":"a","next":{"name":"b"}}],"x-y":5}"""), "5 is an integer and a multiple of 5.");
        Assert.True(grammar.Allows("""{"kind":"tree","nodes":[{"name":"a","next":{"name":"b"}}],"x-y":7}"""));
    }

    // Not inlined, lest the caller's frame keep the document.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (CompiledGrammar Grammar, WeakReference Document) Compile()
    {
        JsonDocument document = JsonDocument.Parse(Schema);
        return (JsonSchemaCompiler.Compile(document.RootElement, SchemaRun.Vocabulary), new WeakReference(document));
    }
}
