using Xunit;

namespace LlamaProvider.Tests.Templates.Syntax;

/// <summary>Each expected text is what Jinja2 writes.</summary>
public sealed class LiteralTests
{
    [Theory]
    [InlineData("[1_000, 0x1f, 0b101, 0o17, 1.5e3, 1E-2, 1e3]", "[1000, 31, 5, 15, 1500.0, 0.01, 1000.0]")]
    [InlineData("\"\\x41\\u00e9\\U0001F600\\101\\t\\\\\\'\\\"\\q\"", "Aé😀A\t\\'\"\\q")]
    [InlineData("'a' 'b' \"c\"", "abc")]
    [InlineData("[1, 2,]", "[1, 2]")]
    [InlineData("{'a': 1, 'a': 2,}", "{'a': 2}")]
    [InlineData("(1,)", "(1,)")]
    [InlineData("()", "()")]
    [InlineData("[True, False, None, true, false, none]", "[True, False, None, True, False, None]")]
    [InlineData("{'a': {'b': {}}}", "{'a': {'b': {}}}")]
    [InlineData("1, 2", "(1, 2)")]
    public void Literal_AnyNotation_IsRead(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("1 if false else 2 if true else 3", "2")]
    [InlineData("'a' ~ 'b' | upper", "aB")]
    [InlineData("-5 | abs", "5")]
    [InlineData("not 1 in [1]", "False")]
    [InlineData("1 < 2 == true", "False")]
    [InlineData("not 'a' is string", "False")]
    [InlineData("'x' * 2 ~ 'y'", "xxy")]
    [InlineData("(\"a\" if true else \"b\") | upper", "A")]
    [InlineData("'a' if false", "")]
    public void Precedence_AnyOperators_FollowsJinja(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
