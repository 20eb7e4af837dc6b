using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>Tells the expressions that have a text from those that have none.</summary>
/// <remarks>
/// Without intersection, complement and machines only <see cref="ByteAlgebra.Nothing"/> has none. With them the derivatives are searched, depth first, for one that is nullable; the
/// way to it is remembered as alive, and everything seen in a search that finds none as empty. Depth first, because where most continuations are alive the first way down
/// finds a text after as many steps as the text has bytes, while breadth first would see every state of that depth. A call is passed at once: a rule that is called has a text.
/// </remarks>
/// <param name="algebra">Made the expressions.</param>
/// <param name="likely">
/// Bytes that are searched alone first, where it is known what texts are made of: depth first, a state without a way ahead is left only when all its other bytes were followed too.
/// </param>
internal sealed class Liveness(ByteAlgebra algebra, byte[]? likely = null)
{

    private readonly Dictionary<ByteExpression, bool> _known = [];

    /// <summary>Whether the language is empty.</summary>
    public bool IsEmpty(ByteExpression expression)
    {
        if (!expression.MayHideNothing || expression.IsNullable)
        {
            return ReferenceEquals(expression, algebra.Nothing);
        }

        var classes = new ByteClasses();
        expression.AddClasses(classes);
        return IsEmpty(expression, classes.Representatives());
    }

    /// <summary>Whether the language is empty, where the classes of its bytes are known already.</summary>
    /// <param name="expression">The language.</param>
    /// <param name="representatives">One byte of each class of bytes that the language treats alike, the likeliest to lead to a text's end first.</param>
    public bool IsEmpty(ByteExpression expression, ReadOnlySpan<byte> representatives)
    {
        if (!expression.MayHideNothing || expression.IsNullable)
        {
            return ReferenceEquals(expression, algebra.Nothing);
        }

        if (!_known.TryGetValue(expression, out bool isLive))
        {
            isLive = (likely is not null && Search(expression, likely, isExhaustive: false)) || Search(expression, representatives, isExhaustive: true);
        }

        return !isLive;
    }

    private bool Search(ByteExpression start, ReadOnlySpan<byte> representatives, bool isExhaustive)
    {
        var path = new Stack<(ByteExpression Expression, int Next)>();
        var seen = new HashSet<ByteExpression> { start };
        path.Push((start, 0));
        while (path.TryPop(out var top))
        {
            if (Successor(top.Expression, top.Next, representatives) is not { } derived)
            {
                continue;
            }

            path.Push(top with { Next = top.Next + 1 });
            if (ReferenceEquals(derived, algebra.Nothing) || (_known.TryGetValue(derived, out bool isLive) && !isLive))
            {
                continue;
            }

            if (derived.IsNullable || !derived.MayHideNothing || isLive)
            {
                _known[derived] = true;
                foreach ((ByteExpression expression, _) in path)
                {
                    _known[expression] = true;
                }

                return true;
            }

            if (seen.Add(derived))
            {
                path.Push((derived, 0));
            }
        }

        foreach (ByteExpression expression in isExhaustive ? seen : [])
        {
            _known[expression] = false;
        }

        return false;
    }

    private ByteExpression? Successor(ByteExpression expression, int index, ReadOnlySpan<byte> representatives)
    {
        if (index < representatives.Length)
        {
            return algebra.Derive(expression, representatives[index]);
        }

        if (!expression.HasCalls)
        {
            return null;
        }

        var calls = new List<RuleCall>();
        expression.AddCalls(calls, algebra);
        return index - representatives.Length < calls.Count ? calls[index - representatives.Length].After : null;
    }
}
