using LlamaProvider.Templates.Evaluation;

namespace LlamaProvider.Templates.Values;

/// <summary>
/// Jinja2's Undefined: printed as nothing, iterated as empty, false; everything else raises. The problem is worded only when it is raised,
/// since <c>is defined</c> makes and drops many of these.
/// </summary>
internal sealed class UndefinedValue : Value
{
    private readonly Func<string> _problem;

    private UndefinedValue(Func<string> problem, bool isRefusal = false)
    {
        _problem = problem;
        IsRefusal = isRefusal;
    }

    /// <summary>Whether the sandbox refused the access, as opposed to there being nothing.</summary>
    public bool IsRefusal { get; }

    public string Problem => _problem();

    public override string TypeName => "Undefined";

    public override bool IsTrue => false;

    public override int? Length => 0;

    public override IEnumerable<Value> Elements => [];

    public static UndefinedValue Because(string problem) => new(() => problem);

    public static UndefinedValue OfVariable(string name) => new(() => $"'{name}' is undefined");

    public static UndefinedValue OfAttribute(Value owner, string name) => new(() => $"'{Describe(owner)}' has no attribute '{name}'");

    public static UndefinedValue OfItem(Value owner, Value key) => key is TextValue name
        ? OfAttribute(owner, name.Characters)
        : new(() => $"{Describe(owner)} has no element {Describe(key)}");

    public static UndefinedValue Refused(Value owner, string name) =>
        new(() => $"access to attribute '{name}' of '{owner.TypeName}' object is unsafe", isRefusal: true);

    public override Value Attribute(string name) => throw Fault.Undefined(this);

    public override Value Item(Value key, Budget budget) => throw Fault.Undefined(this);

    public override void WriteText(TextBuilder output)
    {
    }

    public override void WriteRepr(TextBuilder output) => output.Append("Undefined");

    private static string Describe(Value value) => value switch
    {
        NoneValue => "None",
        IntValue integer => integer.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => value.TypeName + " object",
    };
}
