using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Validation;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

namespace LlamaProvider.Decoding.Constraints.Composition;

/// <summary>Makes one language of the parts of a text. Other constraints and free texts are rules that it calls, so that their masks are shared with every grammar that has them.</summary>
/// <remarks>Constraints of parts are compiled anew for each whole: states belong to one grammar's lock, and what is dear in them, the masks of strings, is shared by content anyway.</remarks>
internal sealed class CompositeBuilder(ConstraintVocabulary vocabulary, ConstraintLimits limits, ConstraintWork? work = null) : IRuleTable
{
    private readonly Dictionary<TextPart, (int Rule, bool IsNullable)> _known = [];
    private readonly List<RecognizerState?> _rules = [];

    public ByteAlgebra Algebra { get; } = new(limits.Expressions, work);

    /// <summary>What parts that belong to somebody say beside what is enforced, by owner.</summary>
    public Dictionary<string, AnswerCheck> Checks { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a part names a token instead of its text.</summary>
    public bool RefersToTokens { get; private set; }

    public RecognizerState? StartOf(int rule) => _rules[rule];

    /// <summary>The language of a part.</summary>
    public ByteExpression Of(TextPart part) => part switch
    {
        TextPart.Literal literal => Algebra.Text(Encoding.UTF8.GetBytes(literal.Text)),
        TextPart.Token token => Reference(token.Id),
        TextPart.FreeText text => Call(part, () => new ByteAutomaton(Algebra, new Liveness(Algebra), LanguageOf(text)).Start),
        TextPart.Constrained constrained => Call(part, () => Compile(constrained)),
        TextPart.Sequence sequence => Algebra.Sequence([.. sequence.Parts.Select(Of)]),
        TextPart.Choice choice => Algebra.Choice([.. choice.Parts.Select(Of)]),
        TextPart.Repetition repetition => Algebra.Repetition(Of(repetition.Part), repetition.Min, repetition.Max ?? RepetitionExpression.Unbounded),
        _ => throw new InvalidOperationException($"No language is known for {part}."),
    };

    private ByteExpression Reference(int token)
    {
        RefersToTokens = true;
        return TokenReference.Of(token, isNegated: false, Algebra);
    }

    private ByteExpression LanguageOf(TextPart.FreeText text)
    {
        ByteExpression contains = Algebra.Choice([.. text.Without.Select(mark => Algebra.Sequence(Algebra.Anything, TextOf(mark), Algebra.Anything))]);
        ByteExpression begins = Algebra.Choice([.. text.NotBeginning.Select(mark => Algebra.Sequence(TextOf(mark), Algebra.Anything))]);
        return Algebra.Intersection(Utf8Encoding.Instance.AnyText(Algebra), Algebra.Complement(contains), Algebra.Complement(begins));
    }

    private ByteExpression TextOf(string text) => Algebra.Text(Encoding.UTF8.GetBytes(text));

    private ByteExpression Call(TextPart part, Func<RecognizerState?> start)
    {
        if (!_known.TryGetValue(part, out (int Rule, bool IsNullable) rule))
        {
            RecognizerState? state = start();
            rule = (_rules.Count, state is { IsAccepting: true });
            _rules.Add(state);
            _known.Add(part, rule);
        }

        return _rules[rule.Rule] is null ? Algebra.Nothing : Algebra.Call(rule.Rule, rule.IsNullable);
    }

    private RecognizerState Compile(TextPart.Constrained constrained)
    {
        try
        {
            CompiledGrammar grammar = constrained.Definition.Compile(vocabulary, limits, work) switch
            {
                CompiledGrammar compiled => compiled,
                TextConditions conditions when conditions.Lengths == LengthOptions.None => conditions.Grammar,
                _ => throw new InvalidConstraintException("constraint", "Lengths count from an answer's beginning to its end, so they cannot hold in a part of it. Leave them unset."),
            };
            if (constrained.Owner is not null && grammar.AnswerCheck is { } check)
            {
                Checks.TryAdd(constrained.Owner, check);
            }

            RefersToTokens |= grammar.Vocabulary.HasTokenReferences;
            return grammar.Start;
        }
        catch (LlamaException error) when (constrained.Owner is not null)
        {
            throw new InvalidConstraintException(constrained.Owner, $"{constrained.Owner}: {error.Message}", error);
        }
    }
}
