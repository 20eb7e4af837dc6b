namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>Lists what was refused, rejected and accepted.</summary>
internal static class Details
{
    private const int MaxText = 240;

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

        Slowest(output, results, judge, "FIRST", result => result.First);
        Slowest(output, results, judge, "MASK", result => result.Masks.DefaultIfEmpty(0).Max());
    }

    private static void Slowest(TextWriter output, IEnumerable<RowResult> results, string judge, string what, Func<RowResult, double> time)
    {
        foreach (RowResult result in results.OrderByDescending(time).Take(10))
        {
            output.WriteLine($"{judge} SLOWEST {what} {result.Row.Id}: {time(result) / 1000:0.00} ms");
        }
    }

    private static string Start(string text) => text.Length <= MaxText ? text : text[..MaxText] + "…";

    private static string End(string text) => text.Length <= MaxText ? text : "…" + text[^MaxText..];
}
