using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Tree.Expressions;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Tree.Statements;

/// <summary><c>{% macro name(parameters) %}</c>.</summary>
internal sealed class MacroStatement(int offset, int slot, Macro macro) : Statement(offset)
{
    public override Flow Execute(Frame frame)
    {
        frame.Rendering.At(Offset);
        frame.Slots[slot] = new MacroValue(macro, frame);
        return Flow.Next;
    }
}

/// <summary><c>{% call(parameters) macro(arguments) %}</c>: calls a macro that can call the body back as <c>caller</c>.</summary>
internal sealed class CallStatement(int offset, CallExpression call, Macro body) : Statement(offset)
{
    public override Flow Execute(Frame frame)
    {
        var result = call.Call(frame, new MacroValue(body, frame));
        frame.Rendering.At(Offset);
        result.WriteText(frame.Rendering.Output);
        return Flow.Next;
    }
}
