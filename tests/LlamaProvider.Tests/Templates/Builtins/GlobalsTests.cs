using Xunit;

namespace LlamaProvider.Tests.Templates.Builtins;

/// <summary>The global functions; each expected text is what Jinja2 writes.</summary>
public sealed class GlobalsTests
{
    [Theory]
    [InlineData("range(3)", "range(0, 3)")]
    [InlineData("range(1, 5, 2)", "range(1, 5, 2)")]
    [InlineData("range(5, 0, -2) | list", "[5, 3, 1]")]
    [InlineData("range(0) | list", "[]")]
    [InlineData("range(10)[-1]", "9")]
    [InlineData("range(10)[2:6:2] | list", "[2, 4]")]
    [InlineData("3 in range(5)", "True")]
    public void Range_AnyBounds_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("dict(a=1, b=2)", "{'a': 1, 'b': 2}")]
    [InlineData("dict([('a', 1)], b=2)", "{'a': 1, 'b': 2}")]
    [InlineData("dict({'a': 1})", "{'a': 1}")]
    [InlineData("namespace(a=1).a", "1")]
    [InlineData("namespace({'a': 1}, b=2)", "<Namespace {'a': 1, 'b': 2}>")]
    [InlineData("namespace().a is defined", "False")]
    public void Constructor_AnyArguments_MakesTheValue(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("{% set j = joiner('|') %}{% for i in [1, 2, 3] %}{{ j() }}{{ i }}{% endfor %}", "1|2|3")]
    [InlineData("{% set c = cycler('a', 'b') %}{% for i in [1, 2, 3] %}{{ c.next() }}{% endfor %}{{ c.current }}{% set _ = c.reset() %}{{ c.current }}", "ababa")]
    public void Helper_CalledAgain_Advances(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));
}
