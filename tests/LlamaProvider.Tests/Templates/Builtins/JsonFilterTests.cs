using Xunit;

namespace LlamaProvider.Tests.Templates.Builtins;

/// <summary>Each expected text is what json.dumps writes.</summary>
public sealed class JsonFilterTests
{
    [Theory]
    [InlineData("{'b': 1, 'a': [1, 2.0, true, none, 'x']} | tojson", "{\"b\": 1, \"a\": [1, 2.0, true, null, \"x\"]}")]
    [InlineData("{'a': {'b': []}} | tojson(indent=2)", "{\n  \"a\": {\n    \"b\": []\n  }\n}")]
    [InlineData("[[], {}] | tojson(indent=2)", "[\n  [],\n  {}\n]")]
    [InlineData("[1, 2] | tojson(indent=0)", "[\n1,\n2\n]")]
    [InlineData("[1, [2]] | tojson(indent='--')", "[\n--1,\n--[\n----2\n--]\n]")]
    [InlineData("{'b': 1, 'a': 2} | tojson(sort_keys=true)", "{\"a\": 2, \"b\": 1}")]
    [InlineData("{'b': 1, 'a': 2} | tojson(separators=(',', ':'))", "{\"b\":1,\"a\":2}")]
    [InlineData("'é😀' | tojson", "\"é😀\"")]
    [InlineData("'é😀' | tojson(ensure_ascii=true)", "\"\\u00e9\\ud83d\\ude00\"")]
    [InlineData("'</a> \"b\" \\\\ \\n \\t \\b \\f \\x01 \\x7f' | tojson", "\"</a> \\\"b\\\" \\\\ \\n \\t \\b \\f \\u0001 \u007f\"")]
    [InlineData("(1, 2) | tojson", "[1, 2]")]
    [InlineData("{1: 1, none: 2, true: 3, 2.5: 4} | tojson", "{\"1\": 3, \"null\": 2, \"2.5\": 4}")]
    [InlineData("18446744073709551616 | tojson", "18446744073709551616")]
    [InlineData("[1e22, 1e-7, 0.1] | tojson", "[1e+22, 1e-07, 0.1]")]
    [InlineData("['nan' | float, 'inf' | float, -('inf' | float)] | tojson", "[NaN, Infinity, -Infinity]")]
    public void ToJson_AnyValue_FollowsJsonDumps(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
