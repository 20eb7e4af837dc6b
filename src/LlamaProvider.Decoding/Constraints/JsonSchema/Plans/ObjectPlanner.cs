using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>Plans objects.</summary>
internal sealed class ObjectPlanner(SchemaTranslator translator, DefaultBounds bounds, Func<SchemaExpression, PlannedValue> valueOf)
{
    private const int MaxConditions = 4;
    private const int MaxClasses = 256;

    private readonly NameListing _listing = new(translator);

    public static IEnumerable<ImmutableArray<PartOption>> OptionsOf(ObjectPlan plan) =>
        plan.Names.Select(name => name.Options).Concat(plan.Others.Select(other => other.Options));

    public ObjectPlan Plan(ObjectShape shape)
    {
        if (shape.Exists.Length > MaxConditions || (shape.Exists.Length > 0 && shape.Max < int.MaxValue))
        {
            throw new ConstraintTooComplexException(
                $"An object of the JSON schema must have members that break {shape.Exists.Length} rules about its members, as not with additionalProperties or patternProperties says, {(shape.Max < int.MaxValue ? "beside an upper bound on their number" : "of which at most 4 can be followed")}.");
        }

        string[] mentioned = [.. Mentioned(shape).Distinct(StringComparer.Ordinal)];
        byte[][] spelled = Array.ConvertAll(mentioned, JsonText.Spell);
        (NamePlan[] few, NameClassPlan[] many) = _listing.Split(Classes(shape), spelled, shape.Min);
        byte[][] sorted = [.. spelled, .. few.Select(name => name.Spelled)];
        Array.Sort(sorted, static (left, right) => left.AsSpan().SequenceCompareTo(right));
        HashSet<string> required = Closure(shape);
        NamePlan Plan(string name, int order) => new(
            spelled[order],
            order,
            required.Contains(name),
            shape.Dependencies.IsEmpty ? [] : [.. NeedsOf(name, shape).Select(need => Array.BinarySearch(sorted, JsonText.Spell(need), NameListing.Comparer))],
            Options(translator.Members.ValueOf(shape, name), shape, names => translator.Members.IsOf(names, spelled[order])));
        return new ObjectPlan(
            shape.Min,
            shape.Max,
            shape.Exists.Length,
            !shape.Dependencies.IsEmpty,
            [.. mentioned.Select(Plan).Concat(few).OrderBy(name => name.Spelled, NameListing.Comparer)],
            [.. many],
            bounds.MaxOthers(shape, sorted.Length));
    }

    private static IEnumerable<string> NeedsOf(string name, ObjectShape shape) =>
        shape.Dependencies.Where(dependency => dependency.Name == name).SelectMany(dependency => dependency.Needs).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Mentioned(ObjectShape shape) =>
        shape.Rules.SelectMany(rules => rules.Named).Select(member => member.Key)
            .Concat(shape.Required)
            .Concat(shape.Dependencies.SelectMany(dependency => dependency.Needs.Prepend(dependency.Name)));

    private static HashSet<string> Closure(ObjectShape shape)
    {
        var required = new HashSet<string>(shape.Required, StringComparer.Ordinal);
        bool isChanged = shape.Dependencies.Length > 0;
        while (isChanged)
        {
            isChanged = false;
            foreach ((string name, ImmutableArray<string> needs) in shape.Dependencies)
            {
                int count = required.Count;
                required.UnionWith(required.Contains(name) ? needs : []);
                isChanged |= required.Count > count;
            }
        }

        return required;
    }

    private ImmutableArray<PartOption> Options(SchemaExpression value, ObjectShape shape, Predicate<ByteExpression> isNamed)
    {
        if (shape.Exists.IsEmpty)
        {
            return valueOf(value).Alone;
        }

        int possible = 0;
        for (int bit = 0; bit < shape.Exists.Length; bit++)
        {
            possible |= isNamed(shape.Exists[bit].Names) ? 1 << bit : 0;
        }

        var options = ImmutableArray.CreateBuilder<PartOption>();
        for (int meets = 0; meets < 1 << shape.Exists.Length; meets++)
        {
            if ((meets & ~possible) == 0)
            {
                SchemaExpression part = translator.Schemas.All(shape.Exists.Where((_, bit) => (meets >> bit & 1) != 0).Select(condition => condition.Value).Prepend(value));
                options.Add(new PartOption(valueOf(part), meets));
            }
        }

        return options.ToImmutable();
    }

    /// <summary>Splits all names by the patterns that they match.</summary>
    private IEnumerable<NameClassPlan> Classes(ObjectShape shape)
    {
        var classes = new List<(ByteExpression Names, SchemaExpression Value)> { (translator.Lexicon.AnyName, translator.Schemas.Anything) };
        foreach (MemberRules rules in shape.Rules)
        {
            classes = [.. classes.SelectMany(entry => Split(entry.Names, entry.Value, rules))];
        }

        var split = classes.SelectMany(entry => Split(entry.Names, entry.Value, shape.Exists)).ToList();
        return split.Select(entry => new NameClassPlan(entry.Names, Options(entry.Value, shape, names => translator.Lexicon.Overlap(entry.Names, names))));
    }

    private (ByteExpression Names, SchemaExpression Value)[] Split(ByteExpression names, SchemaExpression value, MemberRules rules)
    {
        var open = new List<(ByteExpression Names, SchemaExpression Value, bool IsMatched)> { (names, value, false) };
        foreach ((ByteExpression pattern, SchemaExpression patternValue) in rules.Patterns)
        {
            open = [.. open.SelectMany(entry => Split(entry.Names, pattern).Select(part => part.IsInside
                ? (part.Names, translator.Schemas.All(entry.Value, patternValue), true)
                : (part.Names, entry.Value, entry.IsMatched)))];
            Check(open.Count);
        }

        (ByteExpression Names, SchemaExpression Value)[] parts =
            [.. open.Select(entry => entry.IsMatched ? (entry.Names, entry.Value) : (entry.Names, translator.Schemas.All(entry.Value, rules.Others)))];

        // Names need not be told apart when it makes no difference, as with a pattern whose members may be anything.
        return Array.TrueForAll(parts, part => ReferenceEquals(part.Value, parts[0].Value)) ? [(names, parts[0].Value)] : parts;
    }

    private IEnumerable<(ByteExpression Names, SchemaExpression Value)> Split(
        ByteExpression names, SchemaExpression value, ImmutableArray<(ByteExpression Names, SchemaExpression Value)> conditions)
    {
        IEnumerable<ByteExpression> parts = [names];
        foreach ((ByteExpression condition, _) in conditions)
        {
            parts = [.. parts.SelectMany(part => Split(part, condition)).Select(part => part.Names)];
        }

        return parts.Select(part => (part, value));
    }

    private IEnumerable<(ByteExpression Names, bool IsInside)> Split(ByteExpression names, ByteExpression pattern)
    {
        JsonLexicon lexicon = translator.Lexicon;
        ByteExpression inside = lexicon.Intersect(names, pattern);
        if (!lexicon.Liveness.IsEmpty(inside))
        {
            yield return (inside, true);
        }

        ByteExpression outside = ReferenceEquals(pattern, lexicon.Algebra.Nothing) ? names : lexicon.OtherNames(names, pattern);
        if (!lexicon.Liveness.IsEmpty(outside))
        {
            yield return (outside, false);
        }
    }

    private static void Check(int classes)
    {
        if (classes > MaxClasses)
        {
            throw new ConstraintTooComplexException($"The patterns of an object's names in the JSON schema overlap in more than {MaxClasses} ways. Use fewer patterns.");
        }
    }
}
