using LlamaProvider.Decoding.Constraints.Grammar.Syntax;

namespace LlamaProvider.Decoding.Constraints.Grammar.Compilation;

/// <summary>Finds rules that begin with themselves: directly, through other rules, or behind parts that may be empty.</summary>
internal static class LeftRecursion
{
    private const int ShownRules = 10;

    /// <exception cref="GrammarSyntaxException">A rule begins with itself.</exception>
    public static void Check(ParsedGrammar grammar, RuleGraph graph)
    {
        int[][] beginnings = [.. grammar.Rules.Select(rule => Beginnings(rule.Body!, graph))];
        foreach (int[] component in StrongComponents.Find(beginnings))
        {
            int first = component.Min();
            if (component.Length > 1 || beginnings[first].Contains(first))
            {
                throw Error(grammar, FindCycle(first, beginnings));
            }
        }
    }

    /// <summary>The rules that a text may begin with.</summary>
    private static int[] Beginnings(GrammarNode body, RuleGraph graph)
    {
        var found = new HashSet<int>();
        Add(body);
        return [.. found];

        void Add(GrammarNode node)
        {
            switch (node)
            {
                case GrammarNode.Reference reference:
                    found.Add(reference.Rule.Index);
                    break;
                case GrammarNode.Alternatives alternatives:
                    Array.ForEach(alternatives.Parts, Add);
                    break;
                case GrammarNode.Repetition { Max: > 0 } repetition:
                    Add(repetition.Part);
                    break;
                case GrammarNode.Sequence sequence:
                    int filled = Array.FindIndex(sequence.Parts, part => !graph.IsNullable(part));
                    Array.ForEach(filled < 0 ? sequence.Parts : sequence.Parts[..(filled + 1)], Add);
                    break;
            }
        }
    }

    /// <summary>A shortest way from a rule back to it.</summary>
    private static List<int> FindCycle(int start, int[][] beginnings)
    {
        var origins = new Dictionary<int, int>();
        var open = new Queue<int>([start]);
        while (open.TryDequeue(out int rule) && !origins.ContainsKey(start))
        {
            foreach (int next in beginnings[rule])
            {
                if (origins.TryAdd(next, rule))
                {
                    open.Enqueue(next);
                }
            }
        }

        List<int> cycle = [start];
        for (int rule = origins[start]; rule != start; rule = origins[rule])
        {
            cycle.Add(rule);
        }

        cycle.Add(start);
        cycle.Reverse();
        return cycle;
    }

    private static GrammarSyntaxException Error(ParsedGrammar grammar, List<int> cycle)
    {
        GrammarRule rule = grammar.Rules[cycle[0]];
        IEnumerable<string> names = cycle.Select(index => grammar.Rules[index].Name);
        string way = string.Join(" → ", cycle.Count <= ShownRules ? names : names.Take(ShownRules).Append("…"));
        return grammar.Source.Error(
            rule.DefinedAt,
            $"Rule '{rule.Name}' begins with itself ({way}), so it could be entered again and again without a character being read.",
            "Put what is repeated behind: instead of list ::= list \",\" item | item write list ::= item (\",\" item)*.");
    }
}
