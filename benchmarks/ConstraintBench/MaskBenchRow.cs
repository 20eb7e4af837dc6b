using System.IO.Compression;
using System.Text.Json;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>One line of a MaskBench file (guidance-ai/jsonschemabench): a schema with instances that it allows and instances that it does not.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Schema">The schema's text.</param>
/// <param name="Instances">The instances' texts, as the file writes them.</param>
internal sealed record MaskBenchRow(string Id, string Schema, IReadOnlyList<MaskBenchInstance> Instances)
{
    /// <summary>Reads a file of JSON lines, compressed when its name ends in .gz.</summary>
    public static IEnumerable<MaskBenchRow> ReadAll(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(content);
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument row = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 4096 });
            JsonElement root = row.RootElement;
            yield return new MaskBenchRow(
                root.GetProperty("id").GetString()!,
                root.GetProperty("schema").GetRawText(),
                [.. root.GetProperty("tests").EnumerateArray().Select(test => new MaskBenchInstance(test.GetProperty("valid").GetBoolean(), test.GetProperty("data").GetRawText()))]);
        }
    }
}

/// <summary>An instance of a schema.</summary>
internal sealed record MaskBenchInstance(bool IsValid, string Text);
