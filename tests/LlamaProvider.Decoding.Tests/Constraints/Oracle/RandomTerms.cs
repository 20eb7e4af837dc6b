using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Tests.Constraints.Oracle;

/// <summary>Small random languages and grammars.</summary>
internal sealed class RandomTerms(Random random, int letters)
{
    /// <summary>A language without rules; with intersections and complements, which rules may not contain.</summary>
    public Term Language(int depth) => depth == 0 || random.Next(6) == 0 ? Leaf() : random.Next(9) switch
    {
        0 or 1 or 2 => new Term.Sequence(Language(depth - 1), Language(depth - 1)),
        3 or 4 => new Term.Choice(Language(depth - 1), Language(depth - 1)),
        5 or 6 => Repeat(Language(depth - 1)),
        7 => new Term.Intersection(Language(depth - 1), Language(depth - 1)),
        _ => new Term.Complement(Language(depth - 1)),
    };

    /// <summary>Rules that call each other; the first is the outermost.</summary>
    public Term[] Grammar()
    {
        int rules = random.Next(1, 5);
        return [.. Enumerable.Range(0, rules).Select(_ => RuleBody(3, rules))];
    }

    private Term RuleBody(int depth, int rules) => depth == 0 || random.Next(8) == 0 ? RuleLeaf(rules) : random.Next(8) switch
    {
        0 or 1 or 2 => new Term.Sequence(RuleBody(depth - 1, rules), RuleBody(depth - 1, rules)),
        3 or 4 or 5 => new Term.Choice(RuleBody(depth - 1, rules), RuleBody(depth - 1, rules)),
        6 => Repeat(RuleBody(depth - 1, rules)),
        _ => RuleLeaf(rules),
    };

    private Term RuleLeaf(int rules) => random.Next(5) < 2 ? new Term.Rule(random.Next(rules)) : Leaf();

    private Term.Repetition Repeat(Term part)
    {
        int min = random.Next(3);
        return new Term.Repetition(part, min, random.Next(3) == 0 ? RepetitionExpression.Unbounded : min + random.Next(4));
    }

    private Term Leaf() => random.Next(8) switch
    {
        0 => new Term.Empty(),
        1 => new Term.Words([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Word())]),
        _ => new Term.Letters(random.Next(1, 1 << letters)),
    };

    private string Word() => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => (char)('a' + random.Next(letters))));
}
