using System.Globalization;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>Checks of values that stages are made with.</summary>
internal static class SamplerRange
{
    private const string Remedy = "Change it, or leave it out.";

    /// <summary>A value between two bounds, both included.</summary>
    public static double Between(double value, double least, double most, string option) =>
        value >= least && value <= most ? value : throw Error(option, value, $"between {Text(least)} and {Text(most)}");

    /// <summary>A finite value that is not below a bound.</summary>
    public static double AtLeast(double value, double least, string option) =>
        value >= least && double.IsFinite(value) ? value : throw Error(option, value, $"{Text(least)} or more, and finite");

    /// <summary>A finite value above zero.</summary>
    public static double Positive(double value, string option) =>
        value > 0 && double.IsFinite(value) ? value : throw Error(option, value, "above 0, and finite");

    /// <summary>Any finite value.</summary>
    public static double Finite(double value, string option) => double.IsFinite(value) ? value : throw Error(option, value, "a finite number");

    /// <summary>A whole number that is not below a bound.</summary>
    public static int AtLeast(int value, int least, string option) => value >= least ? value : throw Error(option, value, $"{least} or more");

    private static InvalidSamplerException Error(string option, double value, string rule) =>
        new(option, $"{option} is {Text(value)}, but must be {rule}. {Remedy}");

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
