using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Syntax;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Tree.Statements;

/// <summary>What a value is assigned to.</summary>
internal abstract class Target
{
    public abstract void Assign(Frame frame, Value value);
}

/// <summary>A variable of the block that the assignment stands in.</summary>
internal sealed class NameTarget(int slot) : Target
{
    public override void Assign(Frame frame, Value value) => frame.Slots[slot] = value;
}

/// <summary>An attribute of a namespace: the one assignment that outlives its block.</summary>
internal sealed class NamespaceTarget(VariableReference variable, string attribute) : Target
{
    public override void Assign(Frame frame, Value value)
    {
        switch (variable.Read(frame))
        {
            case NamespaceValue target:
                target.Set(attribute, value);
                break;
            case null:
                throw Fault.Undefined(UndefinedValue.OfVariable(variable.Name));
            default:
                throw Fault.Type($"cannot assign attribute '{attribute}' on non-namespace object '{variable.Name}'", "Make it with namespace().");
        }
    }
}

/// <summary>Several targets, which share the elements of the value.</summary>
internal sealed class TupleTarget(Target[] targets) : Target
{
    public override void Assign(Frame frame, Value value)
    {
        if (value.Elements is not { } elements)
        {
            throw Fault.Type($"cannot unpack non-iterable {value.TypeName} object", "Assign a list or a tuple to several names.");
        }

        var items = elements.Take(targets.Length + 1).ToArray();
        if (items.Length != targets.Length)
        {
            throw Fault.Type(
                items.Length > targets.Length
                    ? $"too many values to unpack (expected {targets.Length})"
                    : $"not enough values to unpack (expected {targets.Length}, got {items.Length})",
                "Name as many targets as there are values.");
        }

        for (var i = 0; i < items.Length; i++)
        {
            targets[i].Assign(frame, items[i]);
        }
    }
}
