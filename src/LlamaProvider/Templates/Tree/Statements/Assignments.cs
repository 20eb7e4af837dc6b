using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Syntax;
using LlamaProvider.Templates.Tree.Expressions;

namespace LlamaProvider.Templates.Tree.Statements;

/// <summary><c>{% set target = expression %}</c>.</summary>
internal sealed class SetStatement(int offset, Target target, Expression expression) : Statement(offset)
{
    public override Flow Execute(Frame frame)
    {
        var value = expression.Evaluate(frame);
        frame.Rendering.At(Offset);
        target.Assign(frame, value);
        return Flow.Next;
    }
}

/// <summary>
/// A body whose text passes through filters: <c>{% set target | filters %}</c> assigns the result, <c>{% filter … %}</c> (without a target)
/// writes it.
/// </summary>
internal sealed class CaptureStatement(
    int offset, Target? target, Statement body, Scope scope, CapturedText text, Expression filtered) : Statement(offset)
{
    public override Flow Execute(Frame frame)
    {
        frame.Rendering.At(Offset);
        scope.Clear(frame);
        var captured = frame.Rendering.Capture(body, frame, out var flow);
        if (flow != Flow.Next)
        {
            return flow;
        }

        frame.Slots[text.Slot] = captured;
        var result = filtered.Evaluate(frame);
        frame.Rendering.At(Offset);
        if (target is null)
        {
            result.WriteText(frame.Rendering.Output);
        }
        else
        {
            target.Assign(frame, result);
        }

        return Flow.Next;
    }
}

/// <summary><c>{% with name = expression %}</c>: variables of one block, whose values are found outside of it.</summary>
internal sealed class WithStatement(int offset, (Target Target, Expression Value)[] variables, Statement body, Scope scope) : Statement(offset)
{
    public override Flow Execute(Frame frame)
    {
        var values = Array.ConvertAll(variables, variable => variable.Value.Evaluate(frame));
        frame.Rendering.At(Offset);
        scope.Clear(frame);
        for (var i = 0; i < values.Length; i++)
        {
            variables[i].Target.Assign(frame, values[i]);
        }

        return body.Execute(frame);
    }
}
