using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>The bounds of <see cref="JsonSchemaOptions"/> on what the schema leaves without any.</summary>
/// <remarks>They are set last, on whole shapes, so that a complement never turns an upper bound into a lower one.</remarks>
internal sealed class DefaultBounds(JsonSchemaOptions options, JsonLexicon lexicon)
{
    public ValueShape Apply(ValueShape shape) =>
        options is { MaxStringLength: null, MaxArrayItems: null } ? shape : shape with { Strings = Bound(shape.Strings), Arrays = [.. shape.Arrays.Select(Bound)] };

    /// <summary>The most members of an object that the schema does not mention.</summary>
    /// <param name="shape">The object.</param>
    /// <param name="mentioned">Names that it mentions.</param>
    public int MaxOthers(ObjectShape shape, int mentioned) =>
        options.MaxExtraMembers is { } max && shape is { Max: int.MaxValue, Exists.IsEmpty: true } ? Math.Max(max, shape.Min - mentioned) : int.MaxValue;

    private ArrayShape Bound(ArrayShape shape)
    {
        if (options.MaxArrayItems is not { } max || shape.Max < int.MaxValue || shape.Rest is NoValueExpression)
        {
            return shape;
        }

        long needed = shape.Contains.Sum(rule => (long)rule.Start + rule.Min);
        return shape with { Max = (int)Math.Min(int.MaxValue - 1, Math.Max(needed, Math.Max(max, shape.Min))) };
    }

    private ByteExpression Bound(ByteExpression strings)
    {
        if (options.MaxStringLength is not { } max || IsBounded(strings))
        {
            return strings;
        }

        ByteExpression bounded = lexicon.Intersect(strings, lexicon.OfLength(0, max));
        return lexicon.Liveness.IsEmpty(bounded) ? strings : bounded;
    }

    /// <summary>Whether a language can be seen to have a longest text.</summary>
    private static bool IsBounded(ByteExpression language)
    {
        ByteExpression rest = language;
        while (rest is SequenceExpression link)
        {
            if (!IsBounded(link.First))
            {
                return false;
            }

            rest = link.Second;
        }

        return rest switch
        {
            BytesExpression or EmptyExpression or WordsExpression => true,
            RepetitionExpression repetition => repetition.Max < RepetitionExpression.Unbounded && IsBounded(repetition.Part),
            ChoiceExpression => All(rest.Parts),
            IntersectionExpression => Any(rest.Parts),
            _ => false,
        };
    }

    private static bool All(ReadOnlySpan<ByteExpression> parts)
    {
        foreach (ByteExpression part in parts)
        {
            if (!IsBounded(part))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Any(ReadOnlySpan<ByteExpression> parts)
    {
        foreach (ByteExpression part in parts)
        {
            if (IsBounded(part))
            {
                return true;
            }
        }

        return false;
    }
}
