using System.Globalization;

namespace LlamaProvider.Visualization.Drawing;

/// <summary>Numbers as text, the same in every culture.</summary>
internal static class Numbers
{
    /// <summary>So that reading it gives the same number.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Exact(double)"/>
    public static string Exact(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A length in pixels, to a hundredth.</summary>
    public static string Length(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A count.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A share of 1 in percent, as many digits as tell something.</summary>
    public static string Percent(double share) => share switch
    {
        0 or 1 => share.ToString("0 %", CultureInfo.InvariantCulture),
        < 0.0001 => "< 0.01 %",
        < 0.01 => share.ToString("0.00 %", CultureInfo.InvariantCulture),
        _ => share.ToString("0.0 %", CultureInfo.InvariantCulture),
    };

    /// <summary>A measured value to three digits or so.</summary>
    public static string Short(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 0.01 or 0 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##E0", CultureInfo.InvariantCulture),
    };
}
