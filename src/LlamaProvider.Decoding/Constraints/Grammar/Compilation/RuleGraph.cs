using LlamaProvider.Decoding.Constraints.Grammar.Syntax;

namespace LlamaProvider.Decoding.Constraints.Grammar.Compilation;

/// <summary>What follows from how rules refer to each other.</summary>
/// <remarks>
/// Rules that reach each other form a component (Tarjan 1972). Components are visited callees first, so that what holds for a rule (it may be empty, it has a text) is known
/// of all rules outside its component, and is found by fix-point within.
/// </remarks>
internal sealed class RuleGraph
{
    private readonly ParsedGrammar _grammar;
    private readonly int[][] _references;
    private readonly bool[] _isNullable;
    private readonly bool[] _isProductive;
    private readonly bool[] _isRecursive;

    private RuleGraph(ParsedGrammar grammar)
    {
        _grammar = grammar;
        _references = [.. grammar.Rules.Select(static rule => References(rule.Body!))];
        _isNullable = new bool[grammar.Rules.Count];
        _isProductive = new bool[grammar.Rules.Count];
        _isRecursive = new bool[grammar.Rules.Count];
        Order = StrongComponents.Find(_references);
    }

    /// <summary>The components; a rule's component comes after those that it refers to.</summary>
    public IReadOnlyList<int[]> Order { get; }

    /// <summary>Looks at a grammar.</summary>
    /// <exception cref="GrammarSyntaxException">A rule never ends, or begins with itself.</exception>
    public static RuleGraph Analyze(ParsedGrammar grammar)
    {
        var graph = new RuleGraph(grammar);
        foreach (int[] component in graph.Order)
        {
            graph.Settle(component, graph._isNullable, graph.IsNullable);
            graph.Settle(component, graph._isProductive, graph.IsProductive);
            foreach (int rule in component)
            {
                graph._isRecursive[rule] = component.Length > 1 || graph._references[rule].Contains(rule);
            }
        }

        graph.CheckProductive();
        LeftRecursion.Check(grammar, graph);
        return graph;
    }

    public bool IsRecursive(int rule) => _isRecursive[rule];

    /// <summary>Whether the text may be empty.</summary>
    public bool IsNullable(GrammarNode node) => node switch
    {
        GrammarNode.Text text => text.Bytes.Length == 0,
        GrammarNode.Reference reference => _isNullable[reference.Rule.Index],
        GrammarNode.Sequence sequence => Array.TrueForAll(sequence.Parts, IsNullable),
        GrammarNode.Alternatives alternatives => Array.Exists(alternatives.Parts, IsNullable),
        GrammarNode.Repetition repetition => repetition.Min == 0 || IsNullable(repetition.Part),
        _ => false,
    };

    private static int[] References(GrammarNode body)
    {
        var found = new HashSet<int>();
        var open = new Stack<GrammarNode>([body]);
        while (open.TryPop(out GrammarNode? node))
        {
            switch (node)
            {
                case GrammarNode.Reference reference:
                    found.Add(reference.Rule.Index);
                    break;
                case GrammarNode.Sequence sequence:
                    Array.ForEach(sequence.Parts, open.Push);
                    break;
                case GrammarNode.Alternatives alternatives:
                    Array.ForEach(alternatives.Parts, open.Push);
                    break;
                case GrammarNode.Repetition repetition:
                    open.Push(repetition.Part);
                    break;
            }
        }

        return [.. found];
    }

    private bool IsProductive(GrammarNode node) => node switch
    {
        GrammarNode.Reference reference => _isProductive[reference.Rule.Index],
        GrammarNode.Sequence sequence => Array.TrueForAll(sequence.Parts, IsProductive),
        GrammarNode.Alternatives alternatives => Array.Exists(alternatives.Parts, IsProductive),
        GrammarNode.Repetition repetition => repetition.Min == 0 || IsProductive(repetition.Part),
        _ => true,
    };

    /// <summary>Sets what holds for the rules of a component, looking at a rule again only when one that it refers to has changed.</summary>
    private void Settle(int[] component, bool[] holds, Func<GrammarNode, bool> test)
    {
        Dictionary<int, List<int>> users = component.ToDictionary(static rule => rule, static _ => new List<int>());
        foreach (int user in component)
        {
            foreach (int rule in _references[user])
            {
                users.GetValueOrDefault(rule)?.Add(user);
            }
        }

        var open = new Queue<int>(component);
        while (open.TryDequeue(out int rule))
        {
            if (!holds[rule] && test(_grammar.Rules[rule].Body!))
            {
                holds[rule] = true;
                users[rule].ForEach(open.Enqueue);
            }
        }
    }

    private void CheckProductive()
    {
        foreach (GrammarRule rule in _grammar.Rules)
        {
            if (!_isProductive[rule.Index])
            {
                throw _grammar.Source.Error(
                    rule.DefinedAt, $"Rule '{rule.Name}' never ends: each of its alternatives leads to a rule that needs itself again.", "Add an alternative that ends.");
            }
        }
    }
}
