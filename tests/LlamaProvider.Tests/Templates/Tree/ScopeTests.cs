using Xunit;

namespace LlamaProvider.Tests.Templates.Tree;

/// <summary>Each expected text is what Jinja2 writes.</summary>
public sealed class ScopeTests
{
    [Theory]
    [InlineData("{% set x = 1 %}{% for i in [1, 2] %}{{ x }}{% set x = 5 %}{{ x }}{% endfor %}{{ x }}", "15151")]
    [InlineData("{% for i in [1, 2] %}{{ y is defined }}{% set y = 1 %}{% endfor %}{{ y is defined }}", "FalseFalseFalse")]
    [InlineData("{% if true %}{% set y = 1 %}{% endif %}{{ y }}", "1")]
    [InlineData("{% set x = 1 %}{% if false %}{% set x = 2 %}{% endif %}{{ x }}", "1")]
    [InlineData("{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a is defined }}", "12False")]
    [InlineData("{% set x = 1 %}{% with x = x + 1, y = x %}{{ x }}{{ y }}{% endwith %}{{ x }}", "211")]
    [InlineData("{% set x = 1 %}{% generation %}{% set x = 2 %}{{ x }}{% endgeneration %}{{ x }}", "21")]
    [InlineData("{% set x = 1 %}{% set y %}{% set x = 2 %}{{ x }}{% endset %}{{ y }}{{ x }}", "21")]
    [InlineData("{% set ns = namespace(v=0) %}{% for i in [1, 2] %}{% set ns.v = ns.v + i %}{% endfor %}{{ ns.v }}", "3")]
    [InlineData("{% set ns = namespace() %}{% set ns.a, b = 1, 2 %}{{ ns.a }}{{ b }}", "12")]
    [InlineData("{% set recursive = 1 %}{{ recursive }}", "1")]
    [InlineData("{% if not tools is defined %}{% set tools = 1 %}{% endif %}{{ tools }}", "None")]
    public void Set_InsideABlock_EndsWithIt(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));

    [Theory]
    [InlineData("{% set a %}x{{ 1 + 1 }}y{% endset %}{{ a }}{{ a | length }}", "x2y3")]
    [InlineData("{% set a | upper | replace('X', 'q') %}xy{% endset %}{{ a }}", "qY")]
    [InlineData("{% filter upper %}a{{ 'b' }}{% endfilter %}", "AB")]
    [InlineData("{% filter replace('a', 'z') | upper %}abc{% endfilter %}", "ZBC")]
    public void Capture_AnyBody_GivesItsText(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));
}
