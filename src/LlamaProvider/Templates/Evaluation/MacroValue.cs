using LlamaProvider.Templates.Syntax;
using LlamaProvider.Templates.Tree;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Evaluation;

/// <summary>A macro's parameter.</summary>
internal sealed record MacroParameter(string Name, int Slot, Expression? Default);

/// <summary>A macro as the source defines it.</summary>
/// <param name="Name">Its name, as error messages show it.</param>
/// <param name="Parameters">Its parameters, in order.</param>
/// <param name="Body">What a call runs.</param>
/// <param name="Activation">The frame of a call.</param>
/// <param name="Caller">The slot of the implied parameter <c>caller</c>; null if the body does not read it.</param>
/// <param name="Varargs">The slot of the implied parameter <c>varargs</c>, likewise.</param>
/// <param name="Kwargs">The slot of the implied parameter <c>kwargs</c>, likewise.</param>
internal sealed record Macro(
    string Name, MacroParameter[] Parameters, Statement Body, Activation Activation, int? Caller, int? Varargs, int? Kwargs)
{
    public IEnumerable<Node?> Nodes => [Body, .. Parameters.Select(parameter => parameter.Default)];
}

/// <summary>A macro together with the frame whose variables it sees. A call returns what the body writes, with its origins.</summary>
internal sealed class MacroValue(Macro macro, Frame outer) : CallableValue
{
    public override string TypeName => "Macro";

    public override Value? Attribute(string name) => name switch
    {
        "name" => TextValue.Trusted(macro.Name),
        "arguments" => new TupleValue([.. macro.Parameters.Select(parameter => TextValue.Trusted(parameter.Name))]),
        _ => null,
    };

    public override void WriteRepr(TextBuilder output) => output.Append($"<Macro '{macro.Name}'>");

    public override Value Call(Rendering rendering, Arguments arguments)
    {
        rendering.Budget.EnterCall();
        rendering.Budget.ChargeSlots(macro.Activation.SlotCount);
        var frame = new Frame(rendering, outer, macro.Activation.SlotCount);
        Bind(arguments, frame);
        var text = rendering.Capture(macro.Body, frame);
        rendering.Budget.LeaveCall();
        return text;
    }

    private void Bind(Arguments arguments, Frame frame)
    {
        var extra = new List<KeyValuePair<string, Value>>(arguments.Named);
        var positional = arguments.Positional;
        for (var i = 0; i < macro.Parameters.Length; i++)
        {
            var parameter = macro.Parameters[i];
            frame.Slots[parameter.Slot] = (i < positional.Length ? positional[i] : Take(extra, parameter.Name)) ?? NotProvided(parameter);
        }

        BindImplied(positional, extra, frame);
        BindDefaults(positional.Length, arguments, frame);
    }

    /// <summary>Evaluates the defaults in order: each sees the parameters in front of it.</summary>
    private void BindDefaults(int given, Arguments arguments, Frame frame)
    {
        foreach (var parameter in macro.Parameters.Skip(given))
        {
            if (parameter.Default is not null && arguments.Find(parameter.Name) is null)
            {
                frame.Slots[parameter.Slot] = parameter.Default.Evaluate(frame);
            }
        }
    }

    private static UndefinedValue NotProvided(MacroParameter parameter) =>
        UndefinedValue.Because($"parameter '{parameter.Name}' was not provided");

    private void BindImplied(Value[] positional, List<KeyValuePair<string, Value>> extra, Frame frame)
    {
        if (macro.Caller is { } caller)
        {
            frame.Slots[caller] = Take(extra, "caller") ?? UndefinedValue.Because("No caller defined");
        }

        if (macro.Kwargs is { } kwargs)
        {
            var named = new DictValue(extra.Count);
            extra.ForEach(argument => named.Set(TextValue.Trusted(argument.Key), argument.Value));
            frame.Slots[kwargs] = named;
        }
        else if (extra.Count > 0)
        {
            throw Fault.Type(
                $"macro '{macro.Name}' takes no keyword argument '{extra[0].Key}'",
                "Name one of its parameters, or let its body read 'kwargs'.");
        }

        var count = macro.Parameters.Length;
        if (macro.Varargs is { } varargs)
        {
            frame.Slots[varargs] = new TupleValue([.. positional.Skip(count)]);
        }
        else if (positional.Length > count)
        {
            throw Fault.Type(
                $"macro '{macro.Name}' takes not more than {count} argument(s), not {positional.Length}",
                "Drop the others, or let its body read 'varargs'.");
        }
    }

    private static Value? Take(List<KeyValuePair<string, Value>> arguments, string name)
    {
        var index = arguments.FindIndex(argument => argument.Key == name);
        if (index < 0)
        {
            return null;
        }

        var value = arguments[index].Value;
        arguments.RemoveAt(index);
        return value;
    }
}
