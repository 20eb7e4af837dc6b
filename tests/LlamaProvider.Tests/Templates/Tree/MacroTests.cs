using Xunit;

namespace LlamaProvider.Tests.Templates.Tree;

/// <summary>Each expected text is what Jinja2 writes.</summary>
public sealed class MacroTests
{
    [Theory]
    [InlineData("{% macro m(a, b=2) %}[{{ a }},{{ b }}]{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(b=1, a=2) }}{{ m() }}", "[1,2][1,3][2,1][,2]")]
    [InlineData("{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}", "11")]
    [InlineData("{% set x = 1 %}{% macro m(x=x) %}[{{ x }}]{% endmacro %}{{ m() }}", "[]")]
    [InlineData("{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, a=3) }}", "(1, 2){'a': 3}")]
    [InlineData("{% macro m(a) %}{{ a }}{% endmacro %}{{ m(*[1]) }}{{ m(**{'a': 2}) }}", "12")]
    [InlineData("{% macro m() %}{% endmacro %}{{ m }}{{ m.name }}{{ m.arguments }}", "<Macro 'm'>m()")]
    public void Macro_Arguments_AreBound(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));

    [Theory]
    [InlineData("{% macro m() %}{{ y }}{% endmacro %}{% set y = 1 %}{{ m() }}{% set y = 2 %}{{ m() }}", "12")]
    [InlineData("{% set x = 1 %}{% macro m(a) %}{% set x = a %}{{ x }}{% endmacro %}{{ m(5) }}{{ x }}", "51")]
    [InlineData("{% for i in [1, 2] %}{% macro m() %}{{ i }}{{ loop.index }}{% endmacro %}{{ m() }}{% endfor %}", "1122")]
    [InlineData("{% macro o() %}{% macro i() %}I{% endmacro %}{{ i() }}{% endmacro %}{{ o() }}", "I")]
    [InlineData("{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}", "B")]
    [InlineData("{% macro f(n) %}{% if n > 0 %}{{ n }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(5) }}", "54321")]
    public void Macro_Variables_AreThoseOfItsPlace(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));

    [Theory]
    [InlineData("{% macro m(a) %}<{{ caller() }}>{% endmacro %}{% call m(1) %}in{% endcall %}", "<in>")]
    [InlineData("{% macro m(a) %}<{{ caller(a, 5) }}>{% endmacro %}{% call(q, r=2) m(1) %}{{ q }}{{ r }}{% endcall %}", "<15>")]
    [InlineData("{% macro m(a, caller=none) %}{{ caller() if caller else 'no' }}{% endmacro %}{{ m(1) }}{% call m(1) %}in{% endcall %}", "noin")]
    public void CallBlock_Body_IsTheCaller(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));
}
