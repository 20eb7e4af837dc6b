using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaProvider.Benchmarks.Support;

/// <summary>The rows of a run: a table for people, and the JSON form that all benchmark programs share.</summary>
public sealed class BenchmarkReport
{
    public Dictionary<string, string> Machine { get; } = new()
    {
        ["processor"] = Processor(),
        ["cores"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
        ["system"] = RuntimeInformation.OSDescription,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
    };

    public Dictionary<string, string> Models { get; } = [];

    public List<BenchmarkRow> Rows { get; } = [];

    public void Write(TextWriter output)
    {
        int width = Rows.Max(row => row.Figure.Length);
        int units = Rows.Max(row => row.Unit.Length);
        int peers = Rows.Max(row => row.Peer?.Length ?? 0);
        output.WriteLine($"{"figure".PadRight(width)}  {"ours",12}  {"peer",12}  {"unit".PadRight(units)}  {"".PadRight(peers)}  ratio (spread)");
        foreach (BenchmarkRow row in Rows)
        {
            string ratio = row.Ratio is double r ? string.Create(CultureInfo.InvariantCulture, $"{r:0.000} ({row.RatioSpread![0]:0.000} to {row.RatioSpread[1]:0.000})") : row.Reason ?? "-";
            string peer = row.PeerValue is double value ? Number(value) : "-";
            output.WriteLine($"{row.Figure.PadRight(width)}  {Number(row.Ours),12}  {peer,12}  {row.Unit.PadRight(units)}  {(row.Peer ?? "").PadRight(peers)}  {ratio}");
        }
    }

    public void Save(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, ReportJson.Default.BenchmarkReport) + "\n");

    private static string Number(double value) => value.ToString(value >= 100 ? "#,0" : "0.00", CultureInfo.InvariantCulture);

    private static string Processor()
    {
        const string Linux = "/proc/cpuinfo";
        string? line = File.Exists(Linux) ? File.ReadLines(Linux).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchmarkReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
