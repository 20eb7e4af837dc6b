using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>Tells patterns that few names match from those that many do, and lists the few.</summary>
/// <remarks>
/// No name comes twice in an object, so names that are few run out: <c>^[ab]$</c> leaves no third member. Listed, they are followed as the names that the schema mentions are, by name; of many names
/// it is enough to know that another is left.
/// </remarks>
internal sealed class NameListing(SchemaTranslator translator)
{
    /// <summary>The most names of a pattern that are listed, where no more members are needed.</summary>
    private const int MaxListed = 256;

    private readonly Dictionary<(ByteExpression Names, int Limit), IReadOnlyList<byte[]>?> _known = [];

    /// <summary>The order of names by their bytes.</summary>
    public static IComparer<byte[]> Comparer { get; } = Comparer<byte[]>.Create(static (left, right) => left.AsSpan().SequenceCompareTo(right));

    /// <summary>Splits classes by whether they have few names.</summary>
    /// <param name="classes">The classes.</param>
    /// <param name="mentioned">Names that are planned by themselves, though they may be in a class too.</param>
    /// <param name="min">The fewest members.</param>
    public (NamePlan[] Few, NameClassPlan[] Many) Split(IEnumerable<NameClassPlan> classes, byte[][] mentioned, int min)
    {
        var few = new List<NamePlan>();
        var many = new List<NameClassPlan>();
        HashSet<byte[]>? known = null;
        foreach (NameClassPlan @class in classes)
        {
            if (List(@class.Names, Math.Max(MaxListed, min) + (long)mentioned.Length + 1) is { } names)
            {
                known ??= new HashSet<byte[]>(mentioned, EqualityComparer<byte[]>.Create(static (left, right) => left.AsSpan().SequenceEqual(right), HashOf));
                few.AddRange(names.Where(name => !known.Contains(name)).Select(name => new NamePlan(name, NamePlan.Anywhere, IsRequired: false, [], @class.Options)));
            }
            else
            {
                many.Add(@class);
            }
        }

        return ([.. few], [.. many]);
    }

    private static int HashOf(byte[] name)
    {
        HashCode hash = default;
        hash.AddBytes(name);
        return hash.ToHashCode();
    }

    /// <summary>All names of a class; <see langword="null"/> when there are at least <paramref name="limit"/>.</summary>
    private IReadOnlyList<byte[]>? List(ByteExpression names, long limit)
    {
        JsonLexicon lexicon = translator.Lexicon;
        if (ReferenceEquals(names, lexicon.AnyName))
        {
            return null;
        }

        int most = (int)Math.Min(limit, int.MaxValue);
        if (!_known.TryGetValue((names, most), out IReadOnlyList<byte[]>? texts))
        {
            LexemeState? start = new ByteAutomaton(lexicon.Algebra, lexicon.Liveness, names).Start;
            texts = FewTexts.List(start, most, translator.Limits.SearchSteps, "an object", "members");
            _known.Add((names, most), texts);
        }

        return texts;
    }
}
