using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>
/// Makes expressions, applying the laws that keep the derivatives of an expression few: sequences lean right, choices and intersections are flat, sorted and free of
/// repetitions, and what contains nothing disappears. Equal expressions are one object.
/// </summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class ByteAlgebra
{
    private const int MaxDepth = 2_000;

    /// <summary>Expressions within each other whose derivatives take so little stack that there is no need to ask how much is left.</summary>
    private const int ShallowDepth = 32;

    private readonly ChainedTable<UInt128, ByteExpression, ByteExpression.Links> _expressions = new();
    private readonly Dictionary<(ByteExpression, int), ByteExpression> _relaxed = [];
    private readonly int _limit;

    /// <param name="limit">The most expressions that it makes.</param>
    /// <param name="work">The work that it belongs to, when somebody may call that off.</param>
    public ByteAlgebra(int limit = 1_000_000, ConstraintWork? work = null)
    {
        _limit = limit;
        Work = work;
        Empty = Intern(new EmptyExpression());
        Nothing = Intern(new BytesExpression(default));
        Anything = Intern(new ComplementExpression(Nothing));
        Widening = new Widening(this);
    }

    /// <summary>The language of the empty text.</summary>
    public ByteExpression Empty { get; }

    /// <summary>The language without a text.</summary>
    public ByteExpression Nothing { get; }

    /// <summary>Every sequence of bytes.</summary>
    public ByteExpression Anything { get; }

    /// <summary>The work that it belongs to.</summary>
    public ConstraintWork? Work { get; }

    /// <summary>Drops counts of intersections.</summary>
    internal Widening Widening { get; }

    /// <summary>Lists of parts to work with.</summary>
    internal SpareLists<ByteExpression> Spare { get; } = new();

    /// <summary>Where the first bytes of an expression are collected.</summary>
    internal FirstSets FirstSets { get; } = new();

    /// <summary>Whether there is room for what can be done without.</summary>
    internal bool HasRoom => _expressions.Count < _limit / 2;

    /// <summary>Expressions made so far.</summary>
    public int Count => _expressions.Count;

    /// <summary>One byte of the set.</summary>
    public ByteExpression Bytes(ByteSet set) => Intern(new BytesExpression(set));

    /// <summary>This text.</summary>
    public ByteExpression Text(ReadOnlySpan<byte> text)
    {
        ByteExpression result = Empty;
        for (int i = text.Length - 1; i >= 0; i--)
        {
            result = Sequence(Bytes(ByteSet.Of(text[i])), result);
        }

        return result;
    }

    /// <summary>Any of the words.</summary>
    public ByteExpression Words(WordList words) => words.Count == 0 ? Nothing : Words(words, 0, words.Count, 0);

    internal ByteExpression Words(WordList words, int low, int high, int depth) =>
        high - low == 1 && words[low].Length == depth ? Empty : Intern(new WordsExpression(words, low, high, depth));

    /// <summary>The texts that a machine accepts.</summary>
    public ByteExpression Machine(IByteMachine machine) => Machine(machine, machine.Start);

    internal ByteExpression Machine(IByteMachine machine, long state) => Intern(new MachineExpression(machine, state));

    /// <summary>A text of a rule.</summary>
    public ByteExpression Call(int rule, bool isNullable) => Intern(new CallExpression(rule, isNullable));

    /// <summary>What may follow a byte. Remembered, since the states of an intersection or a choice are made of few different parts.</summary>
    public ByteExpression Derive(ByteExpression expression, byte value)
    {
        if (expression.IsDerivedAtOnce)
        {
            return expression.Derive(value, this);
        }

        if (expression.Derivatives.Find(value) is not { } derived)
        {
            if (expression.Depth > ShallowDepth && !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            {
                throw new ConstraintTooComplexException("The constraint nests its parts too deeply for the stack of the calling thread. Say it with less nesting.");
            }

            derived = expression.Derive(value, this);
            expression.Derivatives.Add(value, derived);
        }

        return derived;
    }

    public ByteExpression Sequence(ByteExpression first, ByteExpression second)
    {
        if (ReferenceEquals(first, Nothing) || ReferenceEquals(second, Nothing))
        {
            return Nothing;
        }

        if (ReferenceEquals(first, Empty))
        {
            return second;
        }

        if (ReferenceEquals(second, Empty))
        {
            return first;
        }

        if (first is not SequenceExpression)
        {
            UInt128 key = SequenceExpression.KeyOf(first, second);
            return Known(key) ?? Add(new SequenceExpression(key, first, second));
        }

        List<ByteExpression> parts = Spare.Rent();
        while (first is SequenceExpression link)
        {
            parts.Add(link.First);
            first = link.Second;
        }

        ByteExpression result = Sequence(first, second);
        for (int i = parts.Count - 1; i >= 0; i--)
        {
            result = Sequence(parts[i], result);
        }

        Spare.Return(parts);
        return result;
    }

    public ByteExpression Sequence(params ReadOnlySpan<ByteExpression> parts)
    {
        ByteExpression result = Empty;
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            result = Sequence(parts[i], result);
        }

        return result;
    }

    public ByteExpression Optional(ByteExpression part) => Choice([Empty, part]);

    /// <summary>Between <paramref name="min"/> and <paramref name="max"/> texts of a language.</summary>
    public ByteExpression Repetition(ByteExpression part, int min = 0, int max = RepetitionExpression.Unbounded)
    {
        if (max < min)
        {
            return Nothing;
        }

        min = part.IsNullable ? 0 : min;
        if (max == 0 || ReferenceEquals(part, Empty) || (min == 0 && ReferenceEquals(part, Nothing)))
        {
            return Empty;
        }

        if ((min == 1 && max == 1) || ReferenceEquals(part, Nothing) || (max == 1 && part.IsNullable))
        {
            return part;
        }

        if (part is RepetitionExpression { Min: 0, Max: RepetitionExpression.Unbounded })
        {
            return part;
        }

        UInt128 key = RepetitionExpression.KeyOf(part, min, max);
        return Known(key) ?? Add(new RepetitionExpression(key, part, min, max));
    }

    public ByteExpression Choice(params ReadOnlySpan<ByteExpression> parts)
    {
        if (parts.Length == 2 && (ReferenceEquals(parts[0], parts[1]) || ReferenceEquals(parts[1], Nothing)))
        {
            return parts[0];
        }

        List<ByteExpression> flat = Spare.Rent();
        PartList.Flatten<ChoiceExpression>(flat, parts, absorbing: Anything, neutral: Nothing);
        PartList.MergeBytes(flat, this);
        if (RepetitionUnion.Merge(flat, this))
        {
            PartList.SortDistinct(flat);
        }

        if (PartList.Holds(flat, Empty) && flat.Exists(static part => part is not EmptyExpression && part.IsNullable))
        {
            flat.Remove(Empty);
        }

        ByteExpression choice = flat switch
        {
            [] => Nothing,
            [ByteExpression only] => only,
            _ => InternChoice(flat),
        };
        Spare.Return(flat);
        return choice;
    }

    public ByteExpression Intersection(params ReadOnlySpan<ByteExpression> parts)
    {
        List<ByteExpression> flat = Spare.Rent();
        PartList.Flatten<IntersectionExpression>(flat, parts, absorbing: Nothing, neutral: Anything);
        ByteExpression intersection = flat switch
        {
            [] => Anything,
            [ByteExpression only] => only,
            _ when PartList.Holds(flat, Empty) => flat.TrueForAll(static part => part.IsNullable) ? Empty : Nothing,
            _ when PartList.HasContradiction(flat) => Nothing,
            _ => InternIntersection(flat),
        };
        Spare.Return(flat);
        return intersection;
    }

    private ByteExpression InternChoice(List<ByteExpression> parts)
    {
        UInt128 key = ChoiceExpression.KeyOf(CollectionsMarshal.AsSpan(parts));
        return Known(key) ?? Add(new ChoiceExpression(key, [.. parts]));
    }

    private ByteExpression InternIntersection(List<ByteExpression> parts)
    {
        PartList.Absorb(parts);
        if (parts.Count == 1)
        {
            return parts[0];
        }

        UInt128 key = IntersectionExpression.KeyOf(CollectionsMarshal.AsSpan(parts));
        return Known(key) ?? Add(new IntersectionExpression(key, [.. parts]));
    }

    /// <summary>See <see cref="ByteExpression.Relax"/>.</summary>
    internal ByteExpression Relax(ByteExpression expression, int bytes)
    {
        if (!_relaxed.TryGetValue((expression, bytes), out ByteExpression? relaxed))
        {
            relaxed = expression.RelaxParts(bytes, this);
            _relaxed.Add((expression, bytes), relaxed);
        }

        return relaxed;
    }

    public ByteExpression Complement(ByteExpression part) => part is ComplementExpression not ? not.Part : Intern(new ComplementExpression(part));

    /// <summary>An expression that was made before; <see langword="null"/> when it was not.</summary>
    internal ByteExpression? Known(UInt128 key) => _expressions.Find(key);

    private ByteExpression Intern(ByteExpression expression) => Known(expression.Key) ?? Add(expression);

    /// <summary>Keeps an expression that is not <see cref="Known"/>. That the laws hold is the caller's business.</summary>
    internal ByteExpression Add(ByteExpression expression)
    {
        Work?.Grow();
        if (_expressions.Count >= _limit)
        {
            throw new ConstraintTooComplexException(
                $"The constraint needs more than {_limit:N0} expressions. Simplify its patterns, or raise the limit {nameof(ConstraintLimits)}.{nameof(ConstraintLimits.Expressions)}.");
        }

        if (expression.Depth > MaxDepth)
        {
            throw new ConstraintTooComplexException($"The constraint nests more than {MaxDepth:N0} choices, repetitions and sequences within each other. Say it with less nesting.");
        }

        _expressions.Add(expression);
        return expression;
    }
}
