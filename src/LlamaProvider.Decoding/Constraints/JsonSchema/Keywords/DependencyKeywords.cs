using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>The keywords <c>dependentRequired</c>, <c>dependentSchemas</c> and, up to draft 7 for both, <c>dependencies</c>.</summary>
internal static class DependencyKeywords
{
    public static ValueShape? Read(SchemaLocation location, SchemaTranslator translator)
    {
        ValueShape shape = translator.Shapes.Anything;
        foreach (string keyword in (ReadOnlySpan<string>)["dependentRequired", "dependentSchemas", "dependencies"])
        {
            if (!location.TryGet(keyword, out JsonElement dependencies))
            {
                continue;
            }

            if (dependencies.ValueKind != JsonValueKind.Object)
            {
                throw location.Invalid(keyword, "must be an object");
            }

            foreach (JsonProperty dependency in dependencies.EnumerateObject())
            {
                shape = translator.Shapes.Intersect(shape, Dependency(dependency, keyword, location, translator));
            }
        }

        return ReferenceEquals(shape, translator.Shapes.Anything) ? null : shape;
    }

    private static ValueShape Dependency(JsonProperty dependency, string keyword, SchemaLocation location, SchemaTranslator translator)
    {
        ShapeAlgebra shapes = translator.Shapes;
        if (dependency.Value.ValueKind == JsonValueKind.Array)
        {
            return shapes.Anything with { Objects = [ObjectShape.Any with { Dependencies = [(dependency.Name, [.. location.Texts(keyword, dependency.Value)])] }] };
        }

        SchemaAlgebra schemas = translator.Schemas;
        var absent = new MemberRules([new(dependency.Name, schemas.Nothing)], [], schemas.Anything);
        ValueShape without = shapes.Anything with { Objects = [ObjectShape.Any with { Rules = [absent] }] };
        ValueShape with = shapes.Nothing with { Objects = [ObjectShape.Any with { Required = ObjectShape.Names(dependency.Name) }] };
        return shapes.Union(without, shapes.Intersect(with, translator.ShapeOf(schemas.Schema(location.Member(keyword, dependency)))));
    }
}
