using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;
using LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Uniqueness;

/// <summary>What the items of an array may be of which no two are equal.</summary>
/// <remarks>
/// <para>
/// Naive: a state for each set of items that were written, each with the language of what is left. Sets are endless, and so are the automata. But only three things of a set
/// matter, and all are found beside one automaton for each place: whether the item being written is in it, which its text tells when each value has one text
/// (<see cref="UniqueItemState"/>); whether a beginning has an end that is not in it, for which only the beginnings of written items need be looked at; and whether the
/// fewest items can still be had.
/// </para>
/// <para>
/// The last is a question of distinct representatives (Hall 1935). A place that may hold as many values as the array needs items always finds one that is free; the others
/// have few values, and are matched to them by augmenting paths (Kuhn 1955).
/// </para>
/// </remarks>
internal sealed class UniqueItems
{
    private readonly int _min;
    private readonly int _max;
    private readonly ImmutableArray<LexemeState?> _items;
    private readonly IReadOnlyList<byte[]>?[] _few;

    private UniqueItems(ArrayShape shape, ImmutableArray<LexemeState?> items, int maxSteps)
    {
        _min = shape.Min;
        _max = shape.Max;
        _items = items;
        _few = [.. items.Select(item => shape.Min > 0 ? FewTexts.List(item, shape.Min, maxSteps, "an array", "items") : null)];
    }

    /// <exception cref="JsonSchemaNotSupportedException">An item may be an array or object, or items are counted too.</exception>
    public static UniqueItems Plan(ArrayShape shape, SchemaLocation location, SchemaTranslator translator)
    {
        if (!shape.Contains.IsEmpty)
        {
            throw location.NotSupported("uniqueItems", "it stands beside a condition on how many items are of a kind, as contains and some uses of not are. Use one of them.");
        }

        return new UniqueItems(
            shape, [.. shape.Prefix.Append(shape.Rest).Select(item => ItemOf(item, location, translator))], translator.Limits.SearchSteps);
    }

    public LexemeState? ItemAt(int index) => _items[Math.Min(index, _items.Length - 1)];

    /// <summary>What the items behind a place may be.</summary>
    public IEnumerable<LexemeState> Behind(int index)
    {
        for (int place = Math.Min(index + 1, _items.Length - 1); place < _items.Length && HasRoom(place); place++)
        {
            if (_items[place] is { } item)
            {
                yield return item;
            }
        }
    }

    /// <summary>How many items have to come before the array can be closed.</summary>
    public int MostNeeded(int count) => (int)Math.Max(0, _min - count);

    /// <summary>Whether another item may come.</summary>
    public bool HasRoom(int count) => count < _max;

    /// <summary>Whether the fewest items can be had.</summary>
    /// <param name="count">Items that are there.</param>
    /// <param name="used">Their values.</param>
    public bool CanComplete(int count, UsedValues? used)
    {
        if (_min > _max || count > _max)
        {
            return false;
        }

        var matching = new ValueMatching(UsedValues.Of(used));
        for (int place = count; place < _min; place++)
        {
            if (FewAt(place) is { } values)
            {
                if (!matching.TryAdd(values))
                {
                    return false;
                }
            }
            else if (place >= _items.Length - 1)
            {
                return true;
            }
        }

        return true;
    }

    /// <summary>The texts that the next item may not have: those that are there, and those without which the fewest items cannot be had.</summary>
    public WordList Blocked(int count, UsedValues? used)
    {
        var blocked = new List<byte[]>(UsedValues.Of(used));
        for (int place = count + 1; place < Math.Min(_min, Math.Max(count + 2, _items.Length)); place++)
        {
            blocked.AddRange((FewAt(place) ?? []).Where(value => !CanComplete(count + 1, new UsedValues(value, used))));
        }

        return new WordList(blocked);
    }

    // All values of a place, when there are fewer than the array needs items.
    private IReadOnlyList<byte[]>? FewAt(int place) => _few[Math.Min(place, _few.Length - 1)];

    private static LexemeState? ItemOf(SchemaExpression item, SchemaLocation location, SchemaTranslator translator)
    {
        ValueShape shape = translator.ShapeOf(item);
        if (!shape.Arrays.IsEmpty || !shape.Objects.IsEmpty)
        {
            throw location.NotSupported(
                "uniqueItems", "items may be arrays or objects, which would have to be compared as values with what is being written. Say in items that they are texts, numbers, booleans or null, or leave it out.");
        }

        JsonLexicon lexicon = translator.Lexicon;
        return new ByteAutomaton(lexicon.Algebra, lexicon.Liveness, lexicon.CanonicalScalars(shape)).Start;
    }
}
