using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>Whether two schemas can be seen to share no value. "No" means only that it was not seen.</summary>
internal sealed class Disjointness(SchemaTranslator translator)
{
    // Discriminators lie near the top; deeper differences are left to the complement.
    private const int Depth = 3;

    public bool AreDisjoint(SchemaExpression left, SchemaExpression right) => AreDisjoint(left, right, Depth);

    private bool AreDisjoint(SchemaExpression left, SchemaExpression right, int depth)
    {
        if (left is NoValueExpression || right is NoValueExpression)
        {
            return true;
        }

        return !ReferenceEquals(left, right) && left is not AnyValueExpression && right is not AnyValueExpression
            && translator.TryShapeOf(left) is { } one && translator.TryShapeOf(right) is { } other && AreDisjoint(one, other, depth);
    }

    private bool AreDisjoint(ValueShape left, ValueShape right, int depth)
    {
        JsonLexicon lexicon = translator.Lexicon;
        return (left.Literals & right.Literals) == 0
            && left.Arrays.All(one => right.Arrays.All(other => AreDisjoint(one, other, depth)))
            && left.Objects.All(one => right.Objects.All(other => AreDisjoint(one, other, depth)))
            && !lexicon.Overlap(left.Numbers.AllSpellings, right.Numbers.AllSpellings)
            && !lexicon.Overlap(left.Strings, right.Strings);
    }

    private bool AreDisjoint(ArrayShape left, ArrayShape right, int depth)
    {
        int min = Math.Max(left.Min, right.Min);
        return min > Math.Min(left.Max, right.Max)
            || (depth > 0 && Enumerable.Range(0, Math.Min(min, Math.Max(left.Prefix.Length, right.Prefix.Length) + 1))
                .Any(index => AreDisjoint(left.ItemAt(index), right.ItemAt(index), depth - 1)));
    }

    private bool AreDisjoint(ObjectShape left, ObjectShape right, int depth) =>
        Math.Max(left.Min, right.Min) > Math.Min(left.Max, right.Max)
        || left.Required.Union(right.Required).Any(name => IsDisjointAt(name, left, right, depth));

    private bool IsDisjointAt(string name, ObjectShape left, ObjectShape right, int depth)
    {
        SchemaExpression one = translator.Members.ValueOf(left, name);
        SchemaExpression other = translator.Members.ValueOf(right, name);
        return one is NoValueExpression || other is NoValueExpression || (depth > 0 && AreDisjoint(one, other, depth - 1));
    }
}
