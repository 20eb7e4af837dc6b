using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Tests.Constraints.Oracle;

/// <summary>
/// Lists the texts of a grammar's rules up to a length, and the beginnings of their texts, by the definition of a language: the least sets that satisfy the rules,
/// found by repetition until nothing changes.
/// </summary>
internal sealed class LanguageOracle
{
    private readonly TextTable _table;
    private readonly Term[] _rules;
    private readonly bool[][] _texts;
    private readonly bool[][] _prefixes;
    private readonly bool[] _productive;
    private readonly Dictionary<Term, bool[]> _known = new(ReferenceEqualityComparer.Instance);

    public LanguageOracle(TextTable table, params Term[] rules)
    {
        _table = table;
        _rules = rules;
        _productive = new bool[rules.Length];
        _texts = [.. rules.Select(_ => table.Only())];
        _prefixes = [.. rules.Select(_ => table.Only())];
        Settle(_productive, rule => IsProductive(rule), static (left, right) => left == right);
        Settle(_texts, Texts, static (left, right) => left.AsSpan().SequenceEqual(right));
        Settle(_prefixes, Prefixes, static (left, right) => left.AsSpan().SequenceEqual(right));
        Nullable = [.. _texts.Select(texts => texts[1])];
    }

    /// <summary>Whether each rule may be empty.</summary>
    public bool[] Nullable { get; }

    /// <summary>Whether every rule has a text and none begins with itself.</summary>
    public bool IsWellFormed => _productive.All(static isProductive => isProductive) && Enumerable.Range(0, _rules.Length).All(rule => !Begins(rule, rule, []));

    public bool IsText(ReadOnlySpan<byte> text) => _table.NumberOf(text) is var number and >= 0 && _texts[0][number];

    /// <summary>Whether some text of the first rule begins so.</summary>
    public bool IsPrefix(ReadOnlySpan<byte> text) => _table.NumberOf(text) is var number and >= 0 && _prefixes[0][number];

    private void Settle<T>(T[] values, Func<Term, T> compute, Func<T, T, bool> equal)
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int i = 0; i < values.Length; i++)
            {
                T next = compute(_rules[i]);
                changed |= !equal(values[i], next);
                values[i] = next;
            }
        }
    }

    private bool IsProductive(Term term) => term switch
    {
        Term.Sequence pair => IsProductive(pair.First) && IsProductive(pair.Second),
        Term.Choice pair => IsProductive(pair.First) || IsProductive(pair.Second),
        Term.Repetition repetition => repetition.Min == 0 || IsProductive(repetition.Part),
        Term.Rule rule => _productive[rule.Index],
        Term.Empty => true,
        _ => Array.Exists(Texts(term), static isText => isText),
    };

    private bool[] Texts(Term term)
    {
        if (_known.TryGetValue(term, out bool[]? known))
        {
            return known;
        }

        bool[] texts = List(term);
        if (!HasRules(term))
        {
            _known.Add(term, texts);
        }

        return texts;
    }

    private static bool HasRules(Term term) => term switch
    {
        Term.Sequence pair => HasRules(pair.First) || HasRules(pair.Second),
        Term.Choice pair => HasRules(pair.First) || HasRules(pair.Second),
        Term.Repetition repetition => HasRules(repetition.Part),
        _ => term is Term.Rule,
    };

    private bool[] List(Term term) => term switch
    {
        Term.Empty => _table.Empty,
        Term.Letters one => _table.Only([.. Enumerable.Range(0, _table.Letters).Where(letter => (one.Bits >> letter & 1) != 0).Select(letter => _table.Letters + letter)]),
        Term.Sequence pair => _table.Concatenate(Texts(pair.First), Texts(pair.Second)),
        Term.Choice pair => Either(Texts(pair.First), Texts(pair.Second)),
        Term.Repetition repetition => Repeat(Texts(repetition.Part), repetition.Min, repetition.Max),
        Term.Words words => _table.Only([.. words.List.Select(word => _table.NumberOf(System.Text.Encoding.UTF8.GetBytes(word)))]),
        Term.Intersection pair => [.. Texts(pair.First).Zip(Texts(pair.Second), static (left, right) => left && right)],
        Term.Complement not => _table.Not(Texts(not.Part)),
        Term.Rule rule => _texts[rule.Index],
        _ => throw new InvalidOperationException(),
    };

    private bool[] Prefixes(Term term) => term switch
    {
        Term.Sequence pair when IsProductive(pair.Second) => Either(Prefixes(pair.First), _table.Concatenate(Texts(pair.First), Prefixes(pair.Second))),
        Term.Sequence => _table.Only(),
        Term.Choice pair => Either(Prefixes(pair.First), Prefixes(pair.Second)),
        Term.Repetition { Max: 0 } => _table.Empty,
        Term.Repetition repetition when IsProductive(repetition.Part) => Either(
            _table.Empty,
            _table.Concatenate(Repeat(Texts(repetition.Part), 0, repetition.Max == RepetitionExpression.Unbounded ? repetition.Max : repetition.Max - 1), Prefixes(repetition.Part))),
        Term.Repetition repetition => repetition.Min == 0 ? _table.Empty : _table.Only(),
        Term.Rule rule => _prefixes[rule.Index],
        _ => _table.Prefixes(Texts(term)),
    };

    private bool[] Repeat(bool[] part, int min, int max)
    {
        bool[] power = _table.Empty;
        for (int i = 0; i < min; i++)
        {
            power = _table.Concatenate(power, part);
        }

        bool[] sum = power;
        for (int i = min; i < max; i++)
        {
            power = _table.Concatenate(power, part);
            bool[] next = Either(sum, power);
            if (i - min > _table.Longest && next.AsSpan().SequenceEqual(sum))
            {
                break;
            }

            sum = next;
        }

        return sum;
    }

    /// <summary>Whether a text of a rule may begin with a text of a target rule.</summary>
    private bool Begins(int rule, int target, HashSet<int> seen) =>
        Beginnings(_rules[rule]).Any(next => next == target || (seen.Add(next) && Begins(next, target, seen)));

    private IEnumerable<int> Beginnings(Term term) => term switch
    {
        Term.Sequence pair => Texts(pair.First)[1] ? Beginnings(pair.First).Concat(Beginnings(pair.Second)) : Beginnings(pair.First),
        Term.Choice pair => Beginnings(pair.First).Concat(Beginnings(pair.Second)),
        Term.Repetition { Max: > 0 } repetition => Beginnings(repetition.Part),
        Term.Rule rule => [rule.Index],
        _ => [],
    };

    private static bool[] Either(bool[] left, bool[] right) => [.. left.Zip(right, static (one, other) => one || other)];
}
