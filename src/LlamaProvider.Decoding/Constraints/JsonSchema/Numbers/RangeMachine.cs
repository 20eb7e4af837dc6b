using System.Diagnostics;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;

/// <summary>Numbers between bounds.</summary>
/// <remarks>
/// A state is the sign, how the digits so far compare with the bounds for that sign, and how many they are, counted no further than the longest bound has digits. So there
/// are about six states a digit of a bound. Below zero the bounds change places and lose their signs: −5 ≤ −x is x ≤ 5.
/// </remarks>
internal sealed class RangeMachine : DecimalMachine
{
    private const int CountBits = 11;
    private const long CountMask = (1 << CountBits) - 1;

    private readonly DigitComparison?[][] _comparisons;
    private readonly bool[] _isPossible;

    /// <param name="minimum">The lower bound, if there is one.</param>
    /// <param name="maximum">The upper bound, if there is one.</param>
    /// <param name="fraction">What may stand behind the point.</param>
    public RangeMachine(NumberBound? minimum, NumberBound? maximum, FractionRule fraction)
        : base($"range {minimum} {maximum}", fraction)
    {
        _comparisons = [[Lower(minimum, 1), Upper(maximum, 1)], [Lower(maximum, -1), Upper(minimum, -1)]];
        _isPossible = [Sign(maximum, 1) >= 0, Sign(minimum, -1) >= 0];
    }

    private protected override long AfterSign() => 1;

    private protected override long? AfterWholeDigit(long worth, int digit)
    {
        State state = State.Unpack(worth);
        if (!_isPossible[state.Sign])
        {
            return null;
        }

        DigitComparison?[] sides = _comparisons[state.Sign];
        Ordering lower = sides[0]?.AfterWhole(state.Lower, state.Count, digit) ?? default;
        Ordering upper = sides[1]?.AfterWhole(state.Upper, state.Count, digit) ?? default;
        int most = Math.Max(sides[0]?.WholeDigits ?? 0, sides[1]?.WholeDigits ?? 0);
        bool isTooLong = sides[1] is { } bound && state.Count >= bound.WholeDigits;
        return isTooLong ? null : new State(state.Sign, Math.Min(state.Count + 1, most + 1), lower, upper).Pack();
    }

    private protected override long? AfterPoint(long worth)
    {
        State state = State.Unpack(worth);
        DigitComparison?[] sides = _comparisons[state.Sign];
        return _isPossible[state.Sign]
            ? Fractional(state.Sign, 0, sides[0]?.AtPoint(state.Lower, state.Count) ?? default, sides[1]?.AtPoint(state.Upper, state.Count) ?? default)
            : null;
    }

    private protected override long? AfterFractionDigit(long worth, int digit)
    {
        State state = State.Unpack(worth);
        DigitComparison?[] sides = _comparisons[state.Sign];
        return Fractional(
            state.Sign,
            state.Count + 1,
            sides[0]?.AfterFraction(state.Lower, state.Count, digit) ?? default,
            sides[1]?.AfterFraction(state.Upper, state.Count, digit) ?? default);
    }

    private protected override bool IsAllowed(long worth)
    {
        State state = State.Unpack(worth);
        DigitComparison?[] sides = _comparisons[state.Sign];
        return (sides[0]?.IsAllowed(state.Lower, state.Count) ?? true) && (sides[1]?.IsAllowed(state.Upper, state.Count) ?? true);
    }

    private static int Sign(NumberBound? bound, int factor) => bound is null || bound.Value.IsZero ? 0 : bound.Value.IsNegative ? -factor : factor;

    // A bound on the other side of zero holds for every magnitude, and so does "at least 0".
    private static DigitComparison? Lower(NumberBound? bound, int factor) =>
        bound is null || Sign(bound, factor) < 0 || (bound.Value.IsZero && !bound.IsExclusive) ? null : new(bound.Value, isLower: true, bound.IsExclusive);

    private static DigitComparison? Upper(NumberBound? bound, int factor) =>
        bound is null || Sign(bound, factor) < 0 ? null : new(bound.Value, isLower: false, bound.IsExclusive);

    private long? Fractional(int sign, int count, Ordering lower, Ordering upper)
    {
        DigitComparison?[] sides = _comparisons[sign];
        if (sides[0]?.IsHopeless(lower) == true || sides[1]?.IsHopeless(upper) == true)
        {
            return null;
        }

        int left = Math.Max(Undecided(sides[0], lower), Undecided(sides[1], upper));
        return new State(sign, Math.Min(count, left), lower, upper).Pack();

        // Digits need no counting once the order is known.
        static int Undecided(DigitComparison? side, Ordering order) => side is null || order != Ordering.Equal ? 0 : side.FractionDigits;
    }

    private readonly record struct State(int Sign, int Count, Ordering Lower, Ordering Upper)
    {
        public static State Unpack(long worth)
        {
            var state = new State((int)(worth & 1), (int)((worth >> 1) & CountMask), (Ordering)((worth >> (CountBits + 1)) & 3), (Ordering)((worth >> (CountBits + 3)) & 3));
            Debug.Assert(state.Pack() == worth, "Packing is reversible.");
            return state;
        }

        public long Pack() => (long)Sign | ((long)Count << 1) | ((long)Lower << (CountBits + 1)) | ((long)Upper << (CountBits + 3));
    }
}

/// <summary>A bound.</summary>
/// <param name="Value">The number.</param>
/// <param name="IsExclusive">Whether the number itself is not allowed.</param>
internal sealed record NumberBound(DecimalText Value, bool IsExclusive);
