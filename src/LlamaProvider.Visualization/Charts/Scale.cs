using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization.Charts;

/// <summary>Where values lie on an axis.</summary>
internal abstract class Scale(double from, double to)
{
    /// <summary>The pixel of the axis's beginning.</summary>
    public double From { get; } = from;

    /// <summary>The pixel of its end.</summary>
    public double To { get; } = to;

    /// <summary>The values that the axis names, ascending.</summary>
    public abstract IReadOnlyList<double> Ticks { get; }

    /// <summary>The pixel of a value.</summary>
    public double Map(double value) => From + ((To - From) * Share(value));

    /// <summary>How a tick is written.</summary>
    public virtual string Name(double tick) => Numbers.Short(tick);

    /// <summary>The part of the axis below a value: 0 at its beginning, 1 at its end.</summary>
    protected abstract double Share(double value);
}

/// <summary>Equal differences are equally long.</summary>
internal sealed class LinearScale(double least, double most, double from, double to) : Scale(from, to)
{
    private const int MostTicks = 6;

    private static readonly int[] Factors = [1, 2, 5, 10];

    private readonly double _range = most > least ? most - least : 1;

    public override IReadOnlyList<double> Ticks => TicksOf().ToArray();

    protected override double Share(double value) => (value - least) / _range;

    private IEnumerable<double> TicksOf()
    {
        double step = Step();
        for (double number = Math.Ceiling(least / step - 1e-9); number * step <= least + (_range * (1 + 1e-9)); number++)
        {
            // Multiplied and rounded, since sums of a tenth are no tenths; with 0 added, since there is a negative 0.
            yield return Math.Round(number * step, 12) + 0.0;
        }
    }

    /// <summary>The smallest of 1, 2 and 5 times a power of ten that gives few enough ticks.</summary>
    private double Step()
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(_range / MostTicks)));
        return power * Factors.First(factor => _range / (power * factor) <= MostTicks);
    }
}

/// <summary>Equal ratios are equally long. Values are positive.</summary>
internal sealed class LogScale(double least, double most, double from, double to) : Scale(from, to)
{
    private readonly double _least = Math.Log10(least);
    private readonly double _range = most > least ? Math.Log10(most) - Math.Log10(least) : 1;

    /// <summary>Powers of ten, and 2 and 5 times them where there are few.</summary>
    public override IReadOnlyList<double> Ticks
    {
        get
        {
            int[] factors = _range < 2.5 ? [1, 2, 5] : [1];
            int first = (int)Math.Floor(_least);
            int last = (int)Math.Ceiling(_least + _range);
            return [.. Enumerable.Range(first, last - first + 1).SelectMany(power => factors.Select(factor => factor * Math.Pow(10, power))).Where(tick => Share(tick) is >= -1e-9 and <= 1 + 1e-9)];
        }
    }

    protected override double Share(double value) => (Math.Log10(value) - _least) / _range;
}
