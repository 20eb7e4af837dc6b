namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>Lists what was refused, rejected and accepted, and what took longest.</summary>
internal static class Details
{
    private const int MaxText = 240;
    private const int Slowest = 10;

    public static void Write(TextWriter output, IEnumerable<RowResult> results, string judge)
    {
        foreach (RowResult result in results)
        {
            if (result.Error is RowError error)
            {
                output.WriteLine($"{judge} REFUSED {result.Row.Id}: {Start(error.Message)}");
            }

            foreach (string text in result.ValidRejected)
            {
                output.WriteLine($"{judge} REJECTED {result.Row.Id}: {End(text)}");
            }

            foreach (string text in result.InvalidAccepted)
            {
                output.WriteLine($"{judge} ACCEPTED {result.Row.Id}: {Start(text)}");
            }
        }

        foreach (RowResult result in results.OrderByDescending(result => result.First).Take(Slowest))
        {
            output.WriteLine($"{judge} SLOWEST FIRST {result.Row.Id}: {result.First / 1000:0.00} ms");
        }

        WriteSlowest(output, results, judge, "MASK", mask => mask.Elapsed);
    }

    /// <summary>Lists the masks that took longest.</summary>
    public static void WriteSlowest(TextWriter output, IEnumerable<RowResult> results, string judge, string what, Func<MaskTime, float> time)
    {
        var masks = results.SelectMany(result => result.Masks.Select(mask => (result.Row.Id, Mask: mask))).Where(mask => !float.IsNaN(time(mask.Mask)));
        foreach ((string row, MaskTime mask) in masks.OrderByDescending(mask => time(mask.Mask)).Take(Slowest))
        {
            output.WriteLine($"{judge} SLOWEST {what} {row}{Describe(mask)}");
        }
    }

    /// <summary>What is known of a mask. Of one that another process made that is its time alone.</summary>
    private static string Describe(MaskTime mask)
    {
        string elapsed = $"{mask.Elapsed / 1000:0.00} ms";
        string processor = float.IsNaN(mask.Processor) ? "" : $", {mask.Processor / 1000:0.00} of the processor";
        return float.IsNaN(mask.Unpaused)
            ? $": {elapsed}"
            : $", instance {mask.Instance}, token {mask.Token}: {elapsed}, {mask.Unpaused / 1000:0.00} without pauses{processor}, {mask.Allocated:N0} bytes asked for";
    }

    private static string Start(string text) => text.Length <= MaxText ? text : text[..MaxText] + "…";

    private static string End(string text) => text.Length <= MaxText ? text : "…" + text[^MaxText..];
}
