using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Syntax;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Tree.Expressions;

/// <summary>A variable.</summary>
internal sealed class NameExpression(int offset, VariableReference variable) : Expression(offset)
{
    public override Value Evaluate(Frame frame) => variable.Read(frame) ?? UndefinedValue.OfVariable(variable.Name);
}
