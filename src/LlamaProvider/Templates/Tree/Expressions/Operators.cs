using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Tree.Expressions;

/// <summary>One operator of a chain and its right operand.</summary>
internal readonly record struct Link<TOperator>(int Offset, TOperator Operator, Expression Operand);

/// <summary>
/// Arithmetic operators of one precedence, from left to right: <c>a + b - c</c>. A chain is one node, however long, since templates join
/// dozens of strings this way.
/// </summary>
internal sealed class ArithmeticExpression(int offset, Expression first, Link<Operator>[] links) : Expression(offset)
{
    public override Value Evaluate(Frame frame)
    {
        var result = first.Evaluate(frame);
        foreach (var link in links)
        {
            var operand = link.Operand.Evaluate(frame);
            frame.Rendering.At(link.Offset);
            result = Arithmetic.Apply(link.Operator, result, operand, frame.Rendering.Budget);
        }

        return result;
    }
}

/// <summary><c>a ~ b ~ c</c>: strings of whatever the operands are.</summary>
internal sealed class ConcatExpression(int offset, Expression[] operands) : Expression(offset)
{
    public override Value Evaluate(Frame frame)
    {
        var values = Array.ConvertAll(operands, operand => operand.Evaluate(frame));
        var output = new TextBuilder(frame.Rendering.Budget);
        foreach (var value in values)
        {
            frame.Rendering.At(Offset);
            value.WriteText(output);
        }

        return output.ToText();
    }
}

/// <summary><c>-a</c> or <c>+a</c>.</summary>
internal sealed class SignExpression(int offset, bool isNegative, Expression operand) : Expression(offset)
{
    public override Value Evaluate(Frame frame)
    {
        var value = operand.Evaluate(frame);
        frame.Rendering.At(Offset);
        return isNegative ? Arithmetic.Negate(value) : Arithmetic.Plus(value);
    }
}

/// <summary><c>a and b and c</c>, or the same with <c>or</c>: the operand that decides, as in Python.</summary>
internal sealed class LogicalExpression(int offset, bool isAnd, Expression[] operands) : Expression(offset)
{
    public override Value Evaluate(Frame frame)
    {
        var value = operands[0].Evaluate(frame);
        for (var i = 1; i < operands.Length && value.IsTrue == isAnd; i++)
        {
            frame.Rendering.At(Offset);
            value = operands[i].Evaluate(frame);
        }

        return value;
    }
}

/// <summary><c>not a</c>.</summary>
internal sealed class NotExpression(int offset, Expression operand) : Expression(offset)
{
    public override Value Evaluate(Frame frame) => BoolValue.Of(!operand.Evaluate(frame).IsTrue);
}

/// <summary><c>a &lt; b &lt;= c</c>: each neighbour compared, each operand evaluated once, the first failure ends it.</summary>
internal sealed class ComparisonExpression(int offset, Expression first, Link<string>[] links) : Expression(offset)
{
    public override Value Evaluate(Frame frame)
    {
        var left = first.Evaluate(frame);
        foreach (var link in links)
        {
            var right = link.Operand.Evaluate(frame);
            frame.Rendering.At(link.Offset);
            if (!Holds(link.Operator, left, right, frame.Rendering.Budget))
            {
                return BoolValue.False;
            }

            left = right;
        }

        return BoolValue.True;
    }

    private static bool Holds(string operation, Value left, Value right, Budget budget) => operation switch
    {
        "==" => Comparison.AreEqual(left, right, budget),
        "!=" => !Comparison.AreEqual(left, right, budget),
        "in" => Comparison.Contains(right, left, budget),
        "not in" => !Comparison.Contains(right, left, budget),
        _ => Comparison.Holds(operation, left, right, budget),
    };
}

/// <summary><c>a if condition else b</c>; without <c>else</c> the other value is undefined.</summary>
internal sealed class ConditionalExpression(int offset, Expression condition, Expression then, Expression? otherwise) : Expression(offset)
{
    public override Value Evaluate(Frame frame)
    {
        if (condition.Evaluate(frame).IsTrue)
        {
            return then.Evaluate(frame);
        }

        return otherwise?.Evaluate(frame)
            ?? UndefinedValue.Because("the inline if-expression evaluated to false and no else section was defined");
    }
}
