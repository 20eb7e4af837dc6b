using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Tree.Expressions;

/// <summary>A string, a number, true, false or none. A literal string is the template's own text and therefore trusted.</summary>
internal sealed class Literal(int offset, Value value) : Expression(offset)
{
    public override Value Evaluate(Frame frame) => value;
}

/// <summary><c>[a, b]</c>, or <c>(a, b)</c> if it is a tuple.</summary>
internal sealed class ListExpression(int offset, Expression[] items, bool isTuple) : Expression(offset)
{
    public override Value Evaluate(Frame frame)
    {
        frame.Rendering.At(Offset);
        frame.Rendering.Budget.ChargeElements(items.Length);
        var values = Array.ConvertAll(items, item => item.Evaluate(frame));
        return isTuple ? new TupleValue(values) : new ListValue(values);
    }
}

/// <summary><c>{key: value}</c>.</summary>
internal sealed class DictExpression(int offset, (Expression Key, Expression Value)[] entries) : Expression(offset)
{
    public override Value Evaluate(Frame frame)
    {
        var dict = new DictValue(entries.Length);
        foreach (var (keyNode, valueNode) in entries)
        {
            var key = keyNode.Evaluate(frame);
            var value = valueNode.Evaluate(frame);
            frame.Rendering.At(Offset);
            dict.Set(key, value, frame.Rendering.Budget);
        }

        return dict;
    }
}
