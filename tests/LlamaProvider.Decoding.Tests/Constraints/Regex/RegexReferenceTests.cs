using System.IO.Compression;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;
using LlamaProvider.TestSupport;

namespace LlamaProvider.Decoding.Tests.Constraints.Regex;

/// <summary>The patterns of real schemas.</summary>
[Trait("Category", "Reference")]
public sealed class RegexReferenceTests(ITestOutputHelper output)
{
    [Fact]
    public void Compile_PatternsOfRealSchemas_CompileOrSayWhyNot()
    {
        string file = TestFiles.RequireReference("..", "data", "maskbench", "schemas.jsonl.gz");
        HashSet<string> patterns = ReadPatterns(file);
        var times = new List<(double Milliseconds, string Pattern)>();
        var refused = new List<RegexSyntaxException>();
        foreach (string pattern in patterns)
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            try
            {
                var algebra = new ByteAlgebra();
                _ = new ByteAutomaton(algebra, new Liveness(algebra), algebra.Regex(pattern, isSearch: true, JsonStringEncoding.Free)).Start;
            }
            catch (RegexSyntaxException error)
            {
                refused.Add(error);
            }

            times.Add((System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds, pattern));
        }

        times.Sort();
        output.WriteLine($"{patterns.Count} patterns in {times.Sum(static each => each.Milliseconds):F0} ms; slowest:");
        times[^5..].ForEach(each => output.WriteLine($"{each.Milliseconds:F1} ms {each.Pattern}"));
        refused.ForEach(error => output.WriteLine(error.Message));
        Assert.All(refused, static error => Assert.True(
            error.Message.Contains("back-reference", StringComparison.Ordinal)
            || error.Message.Contains("is not supported", StringComparison.Ordinal)
            || error.Message.Contains("depends on the order", StringComparison.Ordinal)
            || !IsEcmaScript(error.Pattern),
            error.Message));
    }

    private static bool IsEcmaScript(string pattern)
    {
        try
        {
            _ = new System.Text.RegularExpressions.Regex(pattern, System.Text.RegularExpressions.RegexOptions.ECMAScript);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static HashSet<string> ReadPatterns(string file)
    {
        var patterns = new HashSet<string>();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument row = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 512 });
            Collect(row.RootElement.GetProperty("schema"), patterns);
        }

        return patterns;
    }

    private static void Collect(JsonElement element, HashSet<string> patterns)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                Collect(item, patterns);
            }
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property is { Name: "pattern", Value.ValueKind: JsonValueKind.String })
            {
                patterns.Add(property.Value.GetString()!);
            }

            if (property is { Name: "patternProperties", Value.ValueKind: JsonValueKind.Object })
            {
                patterns.UnionWith(property.Value.EnumerateObject().Select(static each => each.Name));
            }

            Collect(property.Value, patterns);
        }
    }
}
