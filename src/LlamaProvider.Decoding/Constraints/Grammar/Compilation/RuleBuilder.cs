using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.Grammar.Syntax;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

namespace LlamaProvider.Decoding.Constraints.Grammar.Compilation;

/// <summary>Makes the expressions of the rules.</summary>
/// <remarks>
/// A rule that is not recursive stands in place of its name, so that a text opens and leaves rules only where it nests; most grammars become one automaton or a few. Rules
/// that copying would blow up (each using the one before twice, say) stay calls, and so do those in which a large part of the vocabulary fits for long, such as strings:
/// the masks inside them are dear, and as a call they are computed once for all places, and for all grammars.
/// </remarks>
internal sealed class RuleBuilder(ParsedGrammar grammar, RuleGraph graph, ByteAlgebra algebra)
{
    /// <summary>Nodes of a rule that is copied into others.</summary>
    private const int LargestCopy = 2_000;

    /// <summary>Nodes of a rule with all its copies.</summary>
    private const int LargestRule = 20_000;

    private const int DeepestCopy = 100;

    /// <summary>From so many quoted alternatives on, a list that is searched by bisection is quicker than a choice.</summary>
    private const int FewestWords = 8;

    private readonly ByteExpression[] _expressions = new ByteExpression[grammar.Rules.Count];
    private readonly int[] _sizes = new int[grammar.Rules.Count];
    private readonly WideLoops _wide = new(grammar.Rules.Count);
    private int _size;

    /// <summary>The right sides of all rules, by index.</summary>
    public ByteExpression[] Build()
    {
        foreach (int rule in graph.Order.SelectMany(static component => component))
        {
            _size = 0;
            _expressions[rule] = Of(grammar.Rules[rule].Body!);
            _sizes[rule] = _size;
            _wide.Add(grammar.Rules[rule]);
        }

        return _expressions;
    }

    private ByteExpression Of(GrammarNode node)
    {
        _size++;
        return node switch
        {
            GrammarNode.Text text => algebra.Text(text.Bytes),
            GrammarNode.Characters characters => Utf8Encoding.Instance.Encode(characters.Set, algebra),
            GrammarNode.Token token => TokenReference.Of(token.Id, token.IsNegated, algebra),
            GrammarNode.Reference reference => Of(reference.Rule),
            GrammarNode.Sequence sequence => algebra.Sequence(Array.ConvertAll(sequence.Parts, Of)),
            GrammarNode.Alternatives alternatives => OfAny(alternatives.Parts),
            GrammarNode.Repetition repetition => algebra.Repetition(Of(repetition.Part), repetition.Min, repetition.Max),
            _ => throw new InvalidOperationException($"No language is known for {node}."),
        };
    }

    private ByteExpression Of(GrammarRule rule)
    {
        int size = _sizes[rule.Index];
        if (graph.IsRecursive(rule.Index) || _wide.IsIn(rule) || size > LargestCopy || _size + size > LargestRule || _expressions[rule.Index].Depth > DeepestCopy)
        {
            return algebra.Call(rule.Index, graph.IsNullable(rule.Body!));
        }

        _size += size;
        return _expressions[rule.Index];
    }

    private ByteExpression OfAny(GrammarNode[] alternatives)
    {
        byte[][] words = [.. alternatives.OfType<GrammarNode.Text>().Select(static text => text.Bytes)];
        if (words.Length < FewestWords)
        {
            return algebra.Choice(Array.ConvertAll(alternatives, Of));
        }

        IEnumerable<ByteExpression> others = alternatives.Where(static part => part is not GrammarNode.Text).Select(Of);
        return algebra.Choice([algebra.Words(new WordList(words)), .. others]);
    }
}
