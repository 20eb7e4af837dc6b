using System.Globalization;

namespace LlamaProvider.Tool.Output;

/// <summary>Numbers as people read them, the same in every culture.</summary>
internal static class Units
{
    /// <summary>Bytes in powers of 1,024.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 10):0.0} KiB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.00} GiB"),
    };

    /// <summary>Counts of weights, in powers of 1,000.</summary>
    public static string Count(long count) => count switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{count}"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e3:0.0} k"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.0} M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0.00} G"),
    };

    public static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
