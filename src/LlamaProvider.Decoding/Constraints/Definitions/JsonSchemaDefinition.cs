using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Definitions;

/// <summary>JSON that meets a schema.</summary>
/// <param name="Schema">The schema's JSON.</param>
/// <param name="Options">How the JSON is written.</param>
internal sealed record JsonSchemaDefinition(string Schema, JsonSchemaOptions Options) : ConstraintDefinition
{
    public override CompiledGrammar Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits) =>
        JsonSchemaCompiler.Compile(JsonElement.Parse(Schema), vocabulary, Options, limits);
}
