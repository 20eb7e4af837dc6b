using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.Regex.Characters;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;
using LlamaProvider.Decoding.Constraints.Regex.Lookaround;
using LlamaProvider.Decoding.Constraints.Regex.Syntax;

namespace LlamaProvider.Decoding.Constraints.Regex;

/// <summary>Compiles a regular expression to the language of the whole texts that it matches.</summary>
/// <remarks>
/// <para>
/// Compiling goes from the right: each part is compiled with the language of everything that may follow it to the end of the text. So a look ahead is an intersection
/// with that rest, a negative one the intersection with a complement, and <c>$</c> the rest's empty text. <c>^</c> asks whether anything came before, so every rest is
/// a pair: for a part that begins at the start of the text, and for one that begins later.
/// </para>
/// <para>Conditions that repeat and those that look behind need more memory than that; a pattern with any of them becomes a <see cref="LookaroundMachine"/>.</para>
/// </remarks>
internal sealed class RegexCompiler
{
    private readonly ICharacterEncoding _encoding;
    private readonly ByteAlgebra _algebra;
    private readonly ConstraintLimits _limits;
    private readonly ByteExpression _anyText;
    private readonly Dictionary<CodePointSet, ByteExpression> _sets = [];

    private RegexCompiler(ICharacterEncoding encoding, ByteAlgebra algebra, ConstraintLimits limits)
    {
        _encoding = encoding;
        _algebra = algebra;
        _limits = limits;
        _anyText = encoding.AnyText(algebra);
    }

    /// <param name="pattern">The regular expression.</param>
    /// <param name="isSearch">Whether it may match anywhere in a text, as JSON Schema's <c>pattern</c> does; else it matches the text as a whole.</param>
    /// <param name="encoding">How the texts are written.</param>
    /// <param name="algebra">Makes the expression.</param>
    /// <param name="limits">Bounds on the work.</param>
    /// <exception cref="RegexSyntaxException">The pattern is malformed or not regular.</exception>
    /// <exception cref="ConstraintTooComplexException">The pattern passes a limit.</exception>
    public static ByteExpression Compile(string pattern, bool isSearch, ICharacterEncoding encoding, ByteAlgebra algebra, ConstraintLimits limits)
    {
        RegexNode node = RegexParser.Parse(pattern, limits);
        var compiler = new RegexCompiler(encoding, algebra, limits);
        if (node.NeedsMachine)
        {
            RegexNode whole = isSearch ? new SequenceNode([RegexNode.AnyText, node, RegexNode.AnyText]) : node;
            return compiler.CompileMachine(whole, algebra.Empty);
        }

        if (!isSearch)
        {
            return compiler.Compile(node, Rest.Same(algebra.Empty)).AtStart;
        }

        return compiler.Compile(RegexNode.AnyText, compiler.Compile(node, Rest.Same(compiler._anyText))).AtStart;
    }

    /// <summary>The texts from a place to the end that begin with the node, where nothing asks what came before.</summary>
    internal ByteExpression CompileAhead(RegexNode node) =>
        node.NeedsMachine ? CompileMachine(node, _algebra.Anything) : Compile(node, Rest.Same(_algebra.Anything)).AtStart;

    /// <summary>The texts from the start that end with the node.</summary>
    internal ByteExpression CompileBehind(RegexNode node)
    {
        var whole = new SequenceNode([RegexNode.AnyText, node]);
        return whole.NeedsMachine ? CompileMachine(whole, _algebra.Empty) : Compile(whole, Rest.Same(_algebra.Empty)).AtStart;
    }

    /// <summary>The language of a node without conditions.</summary>
    internal ByteExpression Encode(RegexNode node) => node switch
    {
        SetNode set => Encode(set.Set),
        SequenceNode sequence => _algebra.Sequence([.. sequence.Parts.Select(Encode)]),
        AlternationNode alternation => _algebra.Choice([.. alternation.Parts.Select(Encode)]),
        RepetitionNode repetition => _algebra.Repetition(Encode(repetition.Part), repetition.Min, repetition.Max),
        _ => throw new ArgumentException($"{node.GetType().Name} is a condition.", nameof(node)),
    };

    private ByteExpression CompileMachine(RegexNode node, ByteExpression rest) =>
        _algebra.Machine(new LookaroundMachine(LookaroundGraph.Build(node, rest, this, _algebra, _limits), _algebra));

    private ByteExpression Encode(CodePointSet set)
    {
        if (!_sets.TryGetValue(set, out ByteExpression? expression))
        {
            expression = _encoding.Encode(set, _algebra);
            _sets.Add(set, expression);
        }

        return expression;
    }

    private Rest Compile(RegexNode node, Rest rest) => node switch
    {
        { HasCondition: false } => Follow(node, rest),
        SequenceNode sequence => sequence.Parts.Reverse().Aggregate(rest, (after, part) => Compile(part, after)),
        AlternationNode alternation => alternation.Parts.Select(part => Compile(part, rest)).Aggregate(
            (left, right) => new Rest(_algebra.Choice(left.AtStart, right.AtStart), _algebra.Choice(left.Later, right.Later))),
        RepetitionNode optional => Compile(new AlternationNode([RegexNode.Empty, optional.Part]), rest),
        StartNode => rest with { Later = _algebra.Nothing },
        EndNode => new Rest(EmptyTextOf(rest.AtStart), EmptyTextOf(rest.Later)),
        LookaheadNode ahead => Restrict(ahead, rest),
        _ => throw new ArgumentException($"{node.GetType().Name} needs a machine.", nameof(node)),
    };

    private ByteExpression EmptyTextOf(ByteExpression language) => language.IsNullable ? _algebra.Empty : _algebra.Nothing;

    private Rest Restrict(LookaheadNode ahead, Rest rest)
    {
        Rest condition = ahead.Body.LooksBehind ? Compile(ahead.Body, Rest.Same(_algebra.Anything)) : Rest.Same(CompileAhead(ahead.Body));
        condition = ahead.IsNegated ? new Rest(_algebra.Complement(condition.AtStart), _algebra.Complement(condition.Later)) : condition;
        return new Rest(_algebra.Intersection(condition.AtStart, rest.AtStart), _algebra.Intersection(condition.Later, rest.Later));
    }

    private Rest Follow(RegexNode node, Rest rest)
    {
        if (rest.IsSame)
        {
            return Rest.Same(Append(node, rest.Later));
        }

        ByteExpression here = node.IsNullable ? rest.AtStart : _algebra.Nothing;
        return new Rest(_algebra.Choice(here, _algebra.Sequence(EncodeNonEmpty(node), rest.Later)), Append(node, rest.Later));
    }

    /// <summary>The node's texts and the rest, smaller where any text may follow: of x*y, all that matters before any text is y; of x+, one x.</summary>
    private ByteExpression Append(RegexNode node, ByteExpression rest)
    {
        bool isAnything = ReferenceEquals(rest, _anyText) || ReferenceEquals(rest, _algebra.Anything);
        return node switch
        {
            _ when !isAnything => _algebra.Sequence(Encode(node), rest),
            { IsNullable: true } => rest,
            SequenceNode sequence => sequence.Parts.Reverse().Aggregate(rest, (after, part) => Append(part, after)),
            AlternationNode alternation => _algebra.Choice([.. alternation.Parts.Select(part => Append(part, rest))]),
            RepetitionNode repetition => Append(
                repetition.Part,
                _algebra.Sequence(_algebra.Repetition(Encode(repetition.Part), repetition.Min - 1, repetition.Min - 1), rest)),
            _ => _algebra.Sequence(Encode(node), rest),
        };
    }

    private ByteExpression EncodeNonEmpty(RegexNode node) => node switch
    {
        { IsNullable: false } => Encode(node),
        AlternationNode alternation => _algebra.Choice([.. alternation.Parts.Select(EncodeNonEmpty)]),
        RepetitionNode repetition => _algebra.Sequence(
            EncodeNonEmpty(repetition.Part),
            _algebra.Repetition(Encode(repetition.Part), 0, repetition.Max == RepetitionExpression.Unbounded ? repetition.Max : repetition.Max - 1)),
        SequenceNode sequence => _algebra.Choice([.. sequence.Parts.Select((part, index) =>
            _algebra.Sequence([EncodeNonEmpty(part), .. sequence.Parts.Skip(index + 1).Select(Encode)]))]),
        _ => _algebra.Nothing,
    };

    /// <summary>What may follow to the end of the text.</summary>
    /// <param name="AtStart">When nothing came before.</param>
    /// <param name="Later">When something did.</param>
    private readonly record struct Rest(ByteExpression AtStart, ByteExpression Later)
    {
        public bool IsSame => ReferenceEquals(AtStart, Later);

        public static Rest Same(ByteExpression language) => new(language, language);
    }
}
