using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>
/// A filter, a test, a method or a global function: one thing with a name, parameters and a body. A parameter that ends in <c>?</c> may be
/// left out; a last parameter <c>*</c> leaves all further arguments to the body.
/// </summary>
internal sealed class Builtin
{
    private readonly string[] _parameters;
    private readonly int _required;
    private readonly bool _takesMore;
    private readonly Func<Call, Value> _body;

    public Builtin(string name, string[] parameters, Func<Call, Value> body)
    {
        Name = name;
        _takesMore = parameters is [.., "*"];
        _parameters = [.. parameters.Where(parameter => parameter != "*").Select(parameter => parameter.TrimEnd('?'))];
        _required = parameters.Count(parameter => parameter != "*" && !parameter.EndsWith('?'));
        _body = body;
    }

    public Builtin(string name, Func<Call, Value> body)
        : this(name, [], body)
    {
    }

    public string Name { get; }

    /// <summary>Runs the body on the receiver (of a method) or the value in front of the bar (of a filter or a test).</summary>
    public Value Invoke(Rendering rendering, Value self, Arguments arguments)
    {
        if (self is TextValue text)
        {
            rendering.Budget.ChargeCharacters(text.Characters.Length);
        }

        return _body(new Call(this, rendering, self, Bind(arguments), arguments));
    }

    public string ParameterAt(int index) => _parameters[index];

    private Value?[] Bind(Arguments arguments)
    {
        if (_parameters.Length == 0 && (_takesMore || arguments.Positional.Length + arguments.Named.Length == 0))
        {
            return [];
        }

        var bound = new Value?[_parameters.Length];
        var positional = arguments.Positional;
        if (positional.Length > bound.Length && !_takesMore)
        {
            throw Fault.Type(
                $"{Name}() takes at most {bound.Length} argument(s), not {positional.Length}",
                bound.Length == 0 ? "Drop them." : $"Its parameters are {string.Join(", ", _parameters)}.");
        }

        Array.Copy(positional, bound, Math.Min(positional.Length, bound.Length));
        foreach (var (name, value) in arguments.Named)
        {
            BindNamed(name, value, bound);
        }

        var missing = Array.FindIndex(bound, 0, _required, value => value is null);
        return missing < 0
            ? bound
            : throw Fault.Type($"{Name}() misses its argument '{_parameters[missing]}'", $"Its parameters are {string.Join(", ", _parameters)}.");
    }

    private void BindNamed(string name, Value value, Value?[] bound)
    {
        var index = Array.IndexOf(_parameters, name);
        if (index >= 0 && bound[index] is null)
        {
            bound[index] = value;
        }
        else if (index >= 0 || !_takesMore)
        {
            throw Fault.Type(
                index >= 0 ? $"{Name}() got multiple values for argument '{name}'" : $"{Name}() got an unexpected keyword argument '{name}'",
                _parameters.Length == 0 ? "It takes none." : $"Its parameters are {string.Join(", ", _parameters)}.");
        }
    }
}

/// <summary>One call of a builtin: its receiver and its arguments, with the conversions that Python would make or refuse.</summary>
internal readonly struct Call(Builtin builtin, Rendering rendering, Value self, Value?[] bound, Arguments raw)
{
    public Rendering Rendering => rendering;

    public Budget Budget => rendering.Budget;

    /// <summary>The receiver or the filtered value.</summary>
    public Value Self => self;

    /// <summary>All arguments as given, for builtins with a <c>*</c>.</summary>
    public Arguments Raw => raw;

    /// <summary>An argument by the position of its parameter; null if it was left out.</summary>
    public Value? this[int index] => bound[index];

    /// <summary>The receiver as a string: Python's <c>soft_str</c>.</summary>
    public TextValue SelfText => Operations.Texts.Of(self, rendering.Budget);

    public bool IsGiven(int index) => bound[index] is not (null or NoneValue);

    public bool Flag(int index, bool fallback = false) => bound[index]?.IsTrue ?? fallback;

    /// <summary>An argument that has to be a string.</summary>
    public TextValue Text(int index) => bound[index] switch
    {
        TextValue text => text,
        UndefinedValue undefined => throw Fault.Undefined(undefined),
        var other => throw Wrong(index, "a string", other),
    };

    public TextValue? OptionalText(int index) => IsGiven(index) ? Text(index) : null;

    /// <summary>An argument that has to be an integer.</summary>
    public long Integer(int index) => bound[index] switch
    {
        UndefinedValue undefined => throw Fault.Undefined(undefined),
        { } value when Operations.Numbers.AsIndex(value) is { } number => number,
        var other => throw Wrong(index, "an integer", other),
    };

    public long Integer(int index, long fallback) => IsGiven(index) ? Integer(index) : fallback;

    private EvaluationException Wrong(int index, string expected, Value? actual) => Fault.Type(
        $"{builtin.Name}() argument '{builtin.ParameterAt(index)}' must be {expected}, not '{actual?.TypeName}'", "Convert the argument first.");
}

/// <summary>A method with its receiver, ready to be called.</summary>
internal sealed class BoundMethod(Value self, Builtin method) : CallableValue
{
    public override string TypeName => "builtin_function_or_method";

    public override Value Call(Rendering rendering, Arguments arguments) => method.Invoke(rendering, self, arguments);

    public override void WriteRepr(TextBuilder output) => output.Append($"<built-in method {method.Name} of {self.TypeName} object>");
}

/// <summary>A global function.</summary>
internal sealed class FunctionValue(Builtin function) : CallableValue
{
    public override string TypeName => "function";

    public override Value Call(Rendering rendering, Arguments arguments) => function.Invoke(rendering, NoneValue.Instance, arguments);

    public override void WriteRepr(TextBuilder output) => output.Append($"<function {function.Name}>");
}
