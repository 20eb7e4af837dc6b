using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>What an object's shape says about the member of a name.</summary>
internal sealed class MemberLookup(JsonLexicon lexicon, SchemaAlgebra schemas)
{
    public SchemaExpression ValueOf(ObjectShape shape, string name) => schemas.All(shape.Rules.Select(rules => ValueOf(rules, name)));

    /// <summary>Whether a name in canonical spelling is of a language.</summary>
    public bool IsOf(ByteExpression names, ReadOnlySpan<byte> spelled)
    {
        foreach (byte value in spelled)
        {
            names = names.Derive(value, lexicon.Algebra);
        }

        return names.IsNullable;
    }

    private SchemaExpression ValueOf(MemberRules rules, string name)
    {
        SchemaExpression? named = rules.Find(name);
        if (rules.Patterns.IsEmpty)
        {
            return named ?? rules.Others;
        }

        byte[] spelled = JsonText.Spell(name);
        SchemaExpression[] matched = [.. rules.Patterns.Where(pattern => IsOf(pattern.Names, spelled)).Select(pattern => pattern.Value)];
        return named is null && matched.Length == 0 ? rules.Others : schemas.All([.. matched, .. named is null ? [] : (IEnumerable<SchemaExpression>)[named]]);
    }
}
