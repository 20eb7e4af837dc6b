using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>Whether two schemas can be seen to share no value. "No" means only that it was not seen.</summary>
internal sealed class Disjointness(SchemaTranslator translator)
{
    // Discriminators lie near the top; deeper differences are left to the complement.
    private const int Depth = 3;

    private readonly Dictionary<(SchemaExpression, SchemaExpression, int), bool> _known = [];

    /// <param name="left">One schema.</param>
    /// <param name="right">The other.</param>
    /// <param name="context">What the values are known to be beside that: two schemas that tell objects apart need not tell texts apart when only objects are asked for.</param>
    public bool AreDisjoint(SchemaExpression left, SchemaExpression right, ValueShape context)
    {
        return translator.TryShapeOf(left) is { } one && translator.TryShapeOf(right) is { } other
            && AreDisjoint(translator.Shapes.Intersect(context, one), translator.Shapes.Intersect(context, other), Depth);
    }

    private bool AreDisjoint(SchemaExpression left, SchemaExpression right, int depth)
    {
        if (left is NoValueExpression || right is NoValueExpression)
        {
            return true;
        }

        if (ReferenceEquals(left, right) || left is AnyValueExpression || right is AnyValueExpression)
        {
            return false;
        }

        if (!_known.TryGetValue((left, right, depth), out bool areDisjoint))
        {
            areDisjoint = translator.TryShapeOf(left) is { } one && translator.TryShapeOf(right) is { } other && AreDisjoint(one, other, depth);

            // A schema within may have asked the same, while these were being worked out.
            _known[(left, right, depth)] = areDisjoint;
        }

        return areDisjoint;
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
        || left.Required.Any(name => IsDisjointAt(name, left, right, depth))
        || right.Required.Any(name => !left.Required.Contains(name) && IsDisjointAt(name, left, right, depth));

    private bool IsDisjointAt(string name, ObjectShape left, ObjectShape right, int depth)
    {
        SchemaExpression one = translator.Members.ValueOf(left, name);
        SchemaExpression other = translator.Members.ValueOf(right, name);
        return one is NoValueExpression || other is NoValueExpression || (depth > 0 && AreDisjoint(one, other, depth - 1));
    }
}
