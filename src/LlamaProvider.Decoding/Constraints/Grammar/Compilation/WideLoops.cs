using LlamaProvider.Decoding.Constraints.Grammar.Syntax;

namespace LlamaProvider.Decoding.Constraints.Grammar.Compilation;

/// <summary>Finds rules that repeat a large set of characters, such as strings and names.</summary>
internal sealed class WideLoops(int rules)
{
    private const int WideSet = 20;
    private const int LongLoop = 8;

    private readonly bool[] _hasSet = new bool[rules];
    private readonly bool[] _hasLoop = new bool[rules];

    /// <summary>Looks at a rule, after those that it refers to.</summary>
    public void Add(GrammarRule rule)
    {
        _hasSet[rule.Index] = HasSet(rule.Body!);
        _hasLoop[rule.Index] = HasLoop(rule.Body!);
    }

    /// <summary>Whether the rule has such a loop itself, not only in a rule that it refers to.</summary>
    public bool IsIn(GrammarRule rule) => _hasLoop[rule.Index];

    private bool HasSet(GrammarNode node) => node switch
    {
        GrammarNode.Characters characters => characters.Set.Ranges.ToArray().Sum(static range => range.Last - range.First + 1) >= WideSet,
        GrammarNode.Reference reference => _hasSet[reference.Rule.Index],
        GrammarNode.Sequence sequence => Array.Exists(sequence.Parts, HasSet),
        GrammarNode.Alternatives alternatives => Array.Exists(alternatives.Parts, HasSet),
        GrammarNode.Repetition repetition => HasSet(repetition.Part),
        _ => false,
    };

    private bool HasLoop(GrammarNode node) => node switch
    {
        GrammarNode.Sequence sequence => Array.Exists(sequence.Parts, HasLoop),
        GrammarNode.Alternatives alternatives => Array.Exists(alternatives.Parts, HasLoop),
        GrammarNode.Repetition repetition => (repetition.Max >= LongLoop && HasSet(repetition.Part)) || HasLoop(repetition.Part),
        _ => false,
    };
}
