using System.IO.Compression;
using System.Text.Json;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>One line of a MaskBench file (guidance-ai/jsonschemabench): a schema with instances that it allows and instances that it does not.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Schema">The schema's text.</param>
/// <param name="Instances">The instances.</param>
internal sealed record MaskBenchRow(string Id, string Schema, IReadOnlyList<MaskBenchInstance> Instances)
{
    /// <summary>Reads a file of JSON lines, compressed when its name ends in .gz.</summary>
    public static IEnumerable<MaskBenchRow> ReadAll(string path, ITokenizer tokenizer)
    {
        using Stream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(content);
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            yield return Read(line, tokenizer, $"{Path.GetFileName(path)}, line {number}");
        }
    }

    /// <summary>At most so many of them, evenly spread.</summary>
    public static IReadOnlyList<MaskBenchRow> Sample(IReadOnlyList<MaskBenchRow> rows, int limit) =>
        rows.Count <= limit ? rows : [.. Enumerable.Range(0, limit).Select(index => rows[(int)((long)index * rows.Count / limit)])];

    private static MaskBenchRow Read(string line, ITokenizer tokenizer, string place)
    {
        try
        {
            using JsonDocument row = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 4096 });
            JsonElement root = row.RootElement;
            return new MaskBenchRow(
                root.GetProperty("id").GetString()!,
                root.GetProperty("schema").GetRawText(),
                [.. root.GetProperty("tests").EnumerateArray().Select(test => MaskBenchInstance.Read(test, tokenizer))]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ArgumentException($"{place} is no MaskBench row, {{\"id\": …, \"schema\": …, \"tests\": [{{\"valid\": …, \"data\": …}}]}}: {error.Message}");
        }
    }
}

/// <summary>An instance of a schema.</summary>
/// <param name="IsValid">Whether the schema allows it.</param>
/// <param name="Text">Its text, as the file writes it.</param>
/// <param name="Tokens">The text in tokens.</param>
internal sealed record MaskBenchInstance(bool IsValid, string Text, IReadOnlyList<int> Tokens)
{
    public static MaskBenchInstance Read(JsonElement test, ITokenizer tokenizer)
    {
        string text = test.GetProperty("data").GetRawText();
        return new MaskBenchInstance(test.GetProperty("valid").GetBoolean(), text, tokenizer.EncodeText(text));
    }
}
