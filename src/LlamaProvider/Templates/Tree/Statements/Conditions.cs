using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Syntax;

namespace LlamaProvider.Templates.Tree.Statements;

/// <summary><c>{% if %} … {% elif %} … {% else %}</c>. Its branches are no blocks: what they set stays set.</summary>
internal sealed class IfStatement(int offset, (Expression Condition, Statement Body)[] branches, Statement? otherwise) : Statement(offset)
{
    public override Flow Execute(Frame frame)
    {
        foreach (var (condition, body) in branches)
        {
            frame.Rendering.At(Offset);
            if (condition.Evaluate(frame).IsTrue)
            {
                return body.Execute(frame);
            }
        }

        return otherwise?.Execute(frame) ?? Flow.Next;
    }
}

/// <summary><c>{% break %}</c> and <c>{% continue %}</c>.</summary>
internal sealed class LoopControl(int offset, Flow flow) : Statement(offset)
{
    public override Flow Execute(Frame frame)
    {
        frame.Rendering.At(Offset);
        return flow;
    }
}

/// <summary><c>{% generation %}</c>, which marks the assistant's tokens for training. Here it is only a block.</summary>
internal sealed class GenerationStatement(int offset, Statement body, Scope scope) : Statement(offset)
{
    public override Flow Execute(Frame frame)
    {
        frame.Rendering.At(Offset);
        scope.Clear(frame);
        return body.Execute(frame);
    }
}
