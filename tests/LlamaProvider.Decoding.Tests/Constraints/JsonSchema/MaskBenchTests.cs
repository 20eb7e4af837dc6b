using System.IO.Compression;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.TestSupport;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema;

/// <summary>Schemas of people who did not think of us (guidance-ai/jsonschemabench), each with instances that it allows and that it does not.</summary>
[Trait("Category", "Reference")]
public sealed class MaskBenchTests(ITestOutputHelper output)
{
    private const int EveryNth = 5;

    [Fact]
    public void Allows_MaskBenchInstances_AsTheSchemaSays()
    {
        int rows = 0;
        int passed = 0;
        int valid = 0;
        var wronglyRefused = new List<string>();
        var wronglyAllowed = new List<string>();
        foreach (JsonElement row in Rows().Where((_, index) => index % EveryNth == 0))
        {
            rows++;
            if (TryCompile(row) is not { } grammar)
            {
                continue;
            }

            int wrong = wronglyRefused.Count + wronglyAllowed.Count;
            foreach (JsonElement test in row.GetProperty("tests").EnumerateArray())
            {
                bool isValid = test.GetProperty("valid").GetBoolean();
                valid += isValid ? 1 : 0;
                if (grammar.Allows(test.GetProperty("data").GetRawText()) != isValid)
                {
                    (isValid ? wronglyRefused : wronglyAllowed).Add(row.GetProperty("id").GetString()!);
                }
            }

            passed += wronglyRefused.Count + wronglyAllowed.Count == wrong ? 1 : 0;
        }

        output.WriteLine($"{passed} of {rows} rows pass; refused: {string.Join(", ", wronglyRefused)}");
        Assert.True(rows > 0);
        Assert.Empty(wronglyAllowed);
        Assert.True(wronglyRefused.Count <= valid / 100, string.Join(", ", wronglyRefused));
        Assert.True(passed >= rows * 0.96, $"{passed} of {rows}");
    }

    private static IEnumerable<JsonElement> Rows()
    {
        string file = TestFiles.RequireReference("..", "data", "maskbench", "schemas.jsonl.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 4096 });
            yield return document.RootElement.Clone();
        }
    }

    private static CompiledGrammar? TryCompile(JsonElement row)
    {
        try
        {
            return SchemaRun.Compile(row.GetProperty("schema").GetRawText());
        }
        catch (LlamaException)
        {
            return null;
        }
    }
}
