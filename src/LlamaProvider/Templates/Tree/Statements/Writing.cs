using LlamaProvider.Templates.Evaluation;

namespace LlamaProvider.Templates.Tree.Statements;

/// <summary>Statements in a row.</summary>
internal sealed class Sequence(int offset, Statement[] statements) : Statement(offset)
{
    public override Flow Execute(Frame frame)
    {
        foreach (var statement in statements)
        {
            var flow = statement.Execute(frame);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }
}

/// <summary>Template text, which is trusted.</summary>
internal sealed class TextStatement(int offset, string text) : Statement(offset)
{
    public override Flow Execute(Frame frame)
    {
        frame.Rendering.At(Offset);
        frame.Rendering.Output.Append(text);
        return Flow.Next;
    }
}

/// <summary><c>{{ expression }}</c>.</summary>
internal sealed class OutputStatement(int offset, Expression expression) : Statement(offset)
{
    public override Flow Execute(Frame frame)
    {
        var value = expression.Evaluate(frame);
        frame.Rendering.At(Offset);
        value.WriteText(frame.Rendering.Output);
        return Flow.Next;
    }
}
