using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>Tells the expressions that have a text from those that have none.</summary>
/// <remarks>
/// Without intersection, complement and machines only <see cref="ByteAlgebra.Nothing"/> has none. With them the derivatives are searched breadth first for one that is
/// nullable; the way to it is remembered as alive, and everything seen in a search that finds none as empty. A call is passed at once: a rule that is called has a text.
/// </remarks>
internal sealed class Liveness(ByteAlgebra algebra)
{
    private readonly Dictionary<ByteExpression, bool> _known = [];

    /// <summary>Whether the language is empty.</summary>
    public bool IsEmpty(ByteExpression expression)
    {
        if (!expression.MayHideNothing)
        {
            return ReferenceEquals(expression, algebra.Nothing);
        }

        var classes = new ByteClasses();
        expression.AddClasses(classes);
        return IsEmpty(expression, classes.Representatives());
    }

    /// <summary>Whether the language is empty, where the classes of its bytes are known already.</summary>
    /// <param name="expression">The language.</param>
    /// <param name="representatives">One byte of each class of bytes that the language treats alike.</param>
    public bool IsEmpty(ByteExpression expression, ReadOnlySpan<byte> representatives)
    {
        if (!expression.MayHideNothing || expression.IsNullable)
        {
            return ReferenceEquals(expression, algebra.Nothing);
        }

        if (!_known.TryGetValue(expression, out bool isLive))
        {
            isLive = Search(expression, representatives);
        }

        return !isLive;
    }

    private bool Search(ByteExpression start, ReadOnlySpan<byte> representatives)
    {
        var seen = new List<(ByteExpression Expression, int Origin)> { (start, -1) };
        var indices = new HashSet<ByteExpression> { start };
        for (int next = 0; next < seen.Count; next++)
        {
            foreach (ByteExpression derived in Successors(seen[next].Expression, representatives))
            {
                if (ReferenceEquals(derived, algebra.Nothing) || !indices.Add(derived))
                {
                    continue;
                }

                bool known = _known.TryGetValue(derived, out bool isLive);
                if (derived.IsNullable || !derived.MayHideNothing || (known && isLive))
                {
                    MarkLive(derived, seen, next);
                    return true;
                }

                if (!known)
                {
                    seen.Add((derived, next));
                }
            }
        }

        foreach ((ByteExpression expression, _) in seen)
        {
            _known[expression] = false;
        }

        return false;
    }

    private List<ByteExpression> Successors(ByteExpression expression, ReadOnlySpan<byte> representatives)
    {
        var successors = new List<ByteExpression>(representatives.Length);
        foreach (byte value in representatives)
        {
            successors.Add(expression.Derive(value, algebra));
        }

        if (expression.HasCalls)
        {
            var calls = new List<RuleCall>();
            expression.AddCalls(calls, algebra);
            successors.AddRange(calls.Select(static call => call.After));
        }

        return successors;
    }

    private void MarkLive(ByteExpression found, List<(ByteExpression Expression, int Origin)> seen, int index)
    {
        _known[found] = true;
        for (; index >= 0; index = seen[index].Origin)
        {
            _known[seen[index].Expression] = true;
        }
    }
}
