using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Tree.Expressions;

/// <summary><c>a.name</c>.</summary>
internal sealed class AttributeExpression(int offset, Expression target, string name) : Expression(offset)
{
    private readonly TextValue _name = TextValue.Trusted(name);

    public override Value Evaluate(Frame frame)
    {
        var value = target.Evaluate(frame);
        frame.Rendering.At(Offset);
        return Access.Attribute(value, _name, frame.Rendering.Budget);
    }
}

/// <summary><c>a[key]</c>.</summary>
internal sealed class ItemExpression(int offset, Expression target, Expression key) : Expression(offset)
{
    public override Value Evaluate(Frame frame)
    {
        var value = target.Evaluate(frame);
        var at = key.Evaluate(frame);
        frame.Rendering.At(Offset);
        return Access.Item(value, at, frame.Rendering.Budget);
    }
}

/// <summary><c>a[start:stop:step]</c>.</summary>
internal sealed class SliceExpression(int offset, Expression target, Expression? start, Expression? stop, Expression? step) : Expression(offset)
{
    public override Value Evaluate(Frame frame)
    {
        var value = target.Evaluate(frame);
        var (from, to, by) = (start?.Evaluate(frame), stop?.Evaluate(frame), step?.Evaluate(frame));
        frame.Rendering.At(Offset);
        return Slices.Of(value, from, to, by, frame.Rendering.Budget);
    }
}
