using System.Runtime.CompilerServices;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
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
        Assert.True(Accepts(grammar, """{"nodes":[{"name":"a","next":{"name":"b"}}],"x-y":5}"""u8) is false, "5 is an integer and a multiple of 5.");
        Assert.True(Accepts(grammar, """{"kind":"tree","nodes":[{"name":"a","next":{"name":"b"}}],"x-y":7}"""u8));
    }

    // Not inlined, lest the caller's frame keep the document.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (CompiledGrammar Grammar, WeakReference Document) Compile()
    {
        JsonDocument document = JsonDocument.Parse(Schema);
        return (JsonSchemaCompiler.Compile(document.RootElement, SchemaRun.Vocabulary), new WeakReference(document));
    }

    private static bool Accepts(CompiledGrammar grammar, ReadOnlySpan<byte> text)
    {
        var threads = new RecognizerThreads(new StackSpace());
        threads.Add(new RecognizerThread(grammar.Start, RuleStack.Bottom));
        int start = 0;
        foreach (byte value in text)
        {
            int end = threads.Count;
            threads.Advance(start, end, value);
            start = end;
        }

        for (int i = start; i < threads.Count; i++)
        {
            if (threads[i].State.IsAccepting && threads[i].Stack.CanEnd)
            {
                return true;
            }
        }

        return false;
    }
}
