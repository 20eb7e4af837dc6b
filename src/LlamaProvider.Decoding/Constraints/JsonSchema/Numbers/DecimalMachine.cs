using System.IO.Hashing;
using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;

/// <summary>Reads JSON numbers without an exponent, digit by digit, and leaves to others what they are worth.</summary>
internal abstract class DecimalMachine : IByteMachine
{
    private const int PhaseBits = 3;

    private readonly FractionRule _fraction;

    /// <param name="name">Tells the machine from every other.</param>
    /// <param name="fraction">What may stand behind the point.</param>
    private protected DecimalMachine(string name, FractionRule fraction)
    {
        _fraction = fraction;
        Key = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{name} {fraction}"));
    }

    private enum Phase
    {
        Start,
        Sign,
        Zero,
        Whole,
        Point,
        Fraction,
    }

    public UInt128 Key { get; }

    public long Start => (long)Phase.Start;

    public long? Step(long state, byte value)
    {
        long worth = state >> PhaseBits;
        return ((Phase)(state & ((1 << PhaseBits) - 1)), value) switch
        {
            (Phase.Start, (byte)'-') => Pack(Phase.Sign, AfterSign()),
            (Phase.Start or Phase.Sign, (byte)'0') => Pack(Phase.Zero, worth),
            (Phase.Start or Phase.Sign or Phase.Whole, >= (byte)'0' and <= (byte)'9') => Pack(Phase.Whole, AfterWholeDigit(worth, value - '0')),
            (Phase.Zero or Phase.Whole, (byte)'.') when _fraction != FractionRule.None => Pack(Phase.Point, AfterPoint(worth)),
            (Phase.Point or Phase.Fraction, (byte)'0') => Pack(Phase.Fraction, AfterFractionDigit(worth, 0)),
            (Phase.Point or Phase.Fraction, >= (byte)'1' and <= (byte)'9') when _fraction == FractionRule.Any =>
                Pack(Phase.Fraction, AfterFractionDigit(worth, value - '0')),
            _ => null,
        };
    }

    public bool IsAccepting(long state) => (Phase)(state & ((1 << PhaseBits) - 1)) switch
    {
        Phase.Zero or Phase.Whole => AfterPoint(state >> PhaseBits) is { } worth && IsAllowed(worth),
        Phase.Fraction => IsAllowed(state >> PhaseBits),
        _ => false,
    };

    public void AddClasses(ByteClasses classes)
    {
        foreach (byte value in "-.0123456789"u8)
        {
            classes.Add(ByteSet.Of(value));
        }
    }

    /// <summary>What is known after the minus; zero is what is known before the first digit of a number without one.</summary>
    private protected abstract long AfterSign();

    /// <summary>What is known after a digit before the point; <see langword="null"/> when no number goes on so. A single zero is not given.</summary>
    private protected abstract long? AfterWholeDigit(long worth, int digit);

    /// <summary>What is known at the point; <see langword="null"/> when no number goes on so.</summary>
    private protected abstract long? AfterPoint(long worth);

    /// <summary>What is known after a digit behind the point; <see langword="null"/> when no number goes on so.</summary>
    private protected abstract long? AfterFractionDigit(long worth, int digit);

    /// <summary>Whether a number may end here; its point has been passed, or is taken to stand at the end.</summary>
    private protected abstract bool IsAllowed(long worth);

    private static long? Pack(Phase phase, long? worth) => worth is { } known ? (known << PhaseBits) | (long)phase : null;
}
