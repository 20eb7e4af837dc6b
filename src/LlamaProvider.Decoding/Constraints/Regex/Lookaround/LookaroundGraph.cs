using System.Buffers.Binary;
using System.IO.Hashing;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex.Syntax;

namespace LlamaProvider.Decoding.Constraints.Regex.Lookaround;

/// <summary>A step of a <see cref="LookaroundGraph"/>.</summary>
internal enum StepKind
{
    /// <summary>Goes to both <see cref="Step.Target"/> and <see cref="Step.Other"/>.</summary>
    Fork,

    /// <summary>Reads a text of <see cref="Step.Language"/>.</summary>
    Read,

    /// <summary>Asks that the rest of the text belongs to <see cref="Step.Language"/>.</summary>
    Ahead,

    /// <summary>Asks that the graph from <see cref="Step.Other"/> on accepts the rest of the text, or that it does not.</summary>
    AheadGraph,

    /// <summary>Asks that the text so far belongs to the language <see cref="Step.Other"/> of <see cref="LookaroundGraph.Behind"/>, or that it does not.</summary>
    Behind,

    /// <summary>The text must end here.</summary>
    End,

    /// <summary>Anything may follow.</summary>
    Accept,
}

/// <summary>One step.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="Language">What it reads or asks.</param>
/// <param name="Other">The second target, the start of the other graph or the index of the language.</param>
/// <param name="IsNegated">Whether it asks for the opposite.</param>
internal readonly record struct Step(StepKind Kind, int Target, ByteExpression? Language = null, int Other = 0, bool IsNegated = false);

/// <summary>A regular expression as steps between places, with its conditions as steps of their own; what is free of conditions is read in one step.</summary>
internal sealed class LookaroundGraph
{
    private readonly List<Step> _steps = [];
    private readonly List<ByteExpression> _behind = [];
    private readonly RegexCompiler _compiler;
    private readonly ByteAlgebra _algebra;
    private readonly ConstraintLimits _limits;

    private LookaroundGraph(RegexCompiler compiler, ByteAlgebra algebra, ConstraintLimits limits)
    {
        _compiler = compiler;
        _algebra = algebra;
        _limits = limits;
    }

    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>The languages that a text so far is asked for.</summary>
    public IReadOnlyList<ByteExpression> Behind => _behind;

    public int Start { get; private set; }

    /// <param name="node">The regular expression.</param>
    /// <param name="rest">What follows it to the end of the text.</param>
    /// <param name="compiler">Compiles parts without conditions, and conditions.</param>
    /// <param name="algebra">Makes their expressions.</param>
    /// <param name="limits">Bounds the steps.</param>
    public static LookaroundGraph Build(RegexNode node, ByteExpression rest, RegexCompiler compiler, ByteAlgebra algebra, ConstraintLimits limits)
    {
        var graph = new LookaroundGraph(compiler, algebra, limits);
        int end = graph.Add(new Step(StepKind.End, 0));
        graph.Start = graph.Add(node, graph.Add(new Step(StepKind.Read, end, rest)));
        return graph;
    }

    /// <summary>A hash of the graph, the same in every process.</summary>
    public UInt128 Key()
    {
        var hash = new XxHash128();
        Span<byte> buffer = stackalloc byte[32];
        foreach (Step step in _steps)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer, (int)step.Kind);
            BinaryPrimitives.WriteInt32LittleEndian(buffer[4..], step.Target);
            BinaryPrimitives.WriteInt32LittleEndian(buffer[8..], step.Other);
            BinaryPrimitives.WriteInt32LittleEndian(buffer[12..], step.IsNegated ? 1 : 0);
            BinaryPrimitives.WriteUInt128LittleEndian(buffer[16..], step.Language?.Key ?? default);
            hash.Append(buffer);
        }

        foreach (ByteExpression behind in _behind)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(buffer, behind.Key);
            hash.Append(buffer);
        }

        BinaryPrimitives.WriteInt32LittleEndian(buffer, Start);
        hash.Append(buffer);
        return hash.GetCurrentHashAsUInt128();
    }

    private int Add(Step step)
    {
        if (_steps.Count >= _limits.LookaroundSteps)
        {
            throw new ConstraintTooComplexException(
                $"The conditions of a regular expression unfold into more than {_limits.LookaroundSteps:N0} steps. " +
                $"Repeat them less often, or raise the limit {nameof(ConstraintLimits)}.{nameof(ConstraintLimits.LookaroundSteps)}.");
        }

        _steps.Add(step);
        return _steps.Count - 1;
    }

    private int Add(RegexNode node, int target)
    {
        switch (node)
        {
            case { HasCondition: false }:
                return Add(new Step(StepKind.Read, target, _compiler.Encode(node)));
            case SequenceNode sequence:
                return sequence.Parts.Reverse().Aggregate(target, (after, part) => Add(part, after));
            case AlternationNode alternation:
                return alternation.Parts.Select(part => Add(part, target)).Aggregate((first, second) => Add(new Step(StepKind.Fork, first, Other: second)));
            case RepetitionNode repetition:
                return AddRepetition(repetition, target);
            case StartNode:
                return AddBehind(_algebra.Empty, isNegated: false, target);
            case EndNode:
                return Add(new Step(StepKind.Ahead, target, _algebra.Empty));
            case LookbehindNode behind:
                return AddBehind(_compiler.CompileBehind(behind.Body), behind.IsNegated, target);
            default:
                return AddAhead((LookaheadNode)node, target);
        }
    }

    private int AddRepetition(RepetitionNode repetition, int target)
    {
        int next = target;
        if (repetition.Max == int.MaxValue)
        {
            next = Add(new Step(StepKind.Fork, target));
            _steps[next] = _steps[next] with { Other = Add(repetition.Part, next) };
        }
        else
        {
            for (int i = repetition.Min; i < repetition.Max; i++)
            {
                next = Add(new Step(StepKind.Fork, target, Other: Add(repetition.Part, next)));
            }
        }

        for (int i = 0; i < repetition.Min; i++)
        {
            next = Add(repetition.Part, next);
        }

        return next;
    }

    private int AddBehind(ByteExpression language, bool isNegated, int target)
    {
        int index = _behind.IndexOf(language);
        if (index < 0)
        {
            index = _behind.Count;
            _behind.Add(language);
        }

        return Add(new Step(StepKind.Behind, target, Other: index, IsNegated: isNegated));
    }

    private int AddAhead(LookaheadNode ahead, int target)
    {
        if (ahead.Body.LooksBehind)
        {
            int start = Add(ahead.Body, Add(new Step(StepKind.Accept, 0)));
            return Add(new Step(StepKind.AheadGraph, target, Other: start, IsNegated: ahead.IsNegated));
        }

        ByteExpression language = _compiler.CompileAhead(ahead.Body);
        return Add(new Step(StepKind.Ahead, target, ahead.IsNegated ? _algebra.Complement(language) : language));
    }
}
