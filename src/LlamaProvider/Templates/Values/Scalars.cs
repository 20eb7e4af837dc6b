using System.Globalization;
using System.Numerics;
using LlamaProvider.Templates.Operations;

namespace LlamaProvider.Templates.Values;

internal sealed class NoneValue : Value
{
    public static readonly NoneValue Instance = new();

    public override string TypeName => "NoneType";

    public override bool IsTrue => false;

    public override void WriteRepr(TextBuilder output) => output.Append("None");
}

internal sealed class BoolValue : Value
{
    public static readonly BoolValue True = new();
    public static readonly BoolValue False = new();

    public override string TypeName => "bool";

    public override bool IsTrue => ReferenceEquals(this, True);

    public static BoolValue Of(bool value) => value ? True : False;

    public override void WriteRepr(TextBuilder output) => output.Append(IsTrue ? "True" : "False");
}

/// <summary>An integer of any size, as in Python; schemas carry bounds beyond 64 bits.</summary>
internal sealed class IntValue : Value
{
    private static readonly IntValue[] Small = [.. Enumerable.Range(0, 256).Select(number => new IntValue(number))];

    private IntValue(BigInteger number) => Number = number;

    public BigInteger Number { get; }

    public override string TypeName => "int";

    public override bool IsTrue => !Number.IsZero;

    public static IntValue Of(BigInteger number) =>
        number >= 0 && number < Small.Length ? Small[(int)number] : new IntValue(number);

    public static IntValue Of(int number) => (uint)number < (uint)Small.Length ? Small[number] : new IntValue(number);

    public override void WriteRepr(TextBuilder output) => output.Append(Number.ToString(CultureInfo.InvariantCulture));
}

internal sealed class FloatValue(double number) : Value
{
    public double Number => number;

    public override string TypeName => "float";

    public override bool IsTrue => number != 0;

    public override void WriteRepr(TextBuilder output) => output.Append(FloatText.Repr(number));
}
