using System.Text.Json;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.JsonSchema.States;
using LlamaProvider.Decoding.Constraints.JsonSchema.Validation;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema;

/// <summary>Compiles a JSON schema (2020-12; what draft 4 to 7 said otherwise is understood) to a grammar of the JSON texts that it allows.</summary>
/// <remarks>
/// <para>
/// Naive: translate keywords to a context-free grammar; then <c>allOf</c>, <c>not</c> and <c>oneOf</c> have no translation, since such grammars are not closed under intersection
/// and complement. But a value's first byte tells its type, and an object's or array's conditions are about its parts, so the sets of values themselves are closed:
/// </para>
/// <list type="number">
/// <item>a schema becomes an expression (<see cref="SchemaAlgebra"/>) over the places of the document;</item>
/// <item>an expression becomes a <see cref="Shapes.ValueShape"/>: for each type a language or alternatives of conjunctions, with expressions for the parts
/// (<see cref="SchemaTranslator"/>);</item>
/// <item>all expressions that parts come to are planned, and those that no value meets are found by a least fix-point (<see cref="Planner"/>), so nothing leads into a dead end;</item>
/// <item>states follow the text (<see cref="JsonGrammar"/>), made where texts lead.</item>
/// </list>
/// </remarks>
internal static class JsonSchemaCompiler
{
    /// <exception cref="InvalidConstraintException">An option is out of its range.</exception>
    /// <exception cref="InvalidJsonSchemaException">The text is no schema, or no value meets it.</exception>
    /// <exception cref="JsonSchemaNotSupportedException">A keyword cannot be enforced.</exception>
    /// <exception cref="ConstraintTooComplexException">The schema passes a limit.</exception>
    /// <exception cref="OperationCanceledException">The work was called off.</exception>
    public static CompiledGrammar Compile(JsonElement schema, ConstraintVocabulary vocabulary, JsonSchemaOptions? options = null, ConstraintLimits? limits = null, ConstraintWork? work = null)
    {
        limits ??= ConstraintLimits.Default;
        (ValueState start, SchemaDocument document, SchemaTranslator translator) = CompileStates(schema, options, limits, work);
        return new CompiledGrammar(start, vocabulary)
        {
            AnswerCheck = translator.Unenforced.Keywords.Count == 0 ? null : new AnswerCheck(document, limits, [.. translator.Unenforced.Keywords]),
        };
    }

    /// <summary>Where texts begin, for whoever follows them without a vocabulary.</summary>
    public static ValueState CompileStart(JsonElement schema, JsonSchemaOptions? options = null) => CompileStates(schema, options, ConstraintLimits.Default, work: null).Start;

    private static (ValueState Start, SchemaDocument Document, SchemaTranslator Translator) CompileStates(
        JsonElement schema, JsonSchemaOptions? options, ConstraintLimits limits, ConstraintWork? work)
    {
        var document = new SchemaDocument(schema);
        var lexicon = new JsonLexicon(new ByteAlgebra(limits.Expressions, work), limits);
        options ??= JsonSchemaOptions.Default;
        options.Validate();
        var translator = new SchemaTranslator(lexicon, limits, options.OnUnsupported == JsonUnsupportedKeywords.Check);
        var planner = new Planner(translator, new DefaultBounds(options, lexicon));
        SchemaExpression root = translator.Schemas.Schema(document.Root);
        PlannedValue planned = planner.Explore(root);
        ValueState start = new JsonGrammar(lexicon.Algebra, lexicon.Liveness, options).ValueOf(planned)
            ?? throw new InvalidJsonSchemaException("#", "no value meets the schema. Loosen the keywords that exclude each other.");
        return (start, document, translator);
    }
}
