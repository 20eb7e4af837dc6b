using Xunit;

namespace LlamaProvider.Tests.Templates.Builtins;

/// <summary>Each expected text is what Jinja2 writes.</summary>
public sealed class SelectionFiltersTests
{
    [Theory]
    [InlineData("['a', 'b'] | map('upper') | join", "AB")]
    [InlineData("[[1, 2], [3]] | map('join', '-') | list", "['1-2', '3']")]
    [InlineData("[{'a': {'b': 1}}] | map(attribute='a.b') | list", "[1]")]
    [InlineData("[{'a': 1}, {}] | map(attribute='a', default=0) | list", "[1, 0]")]
    [InlineData("none | map('upper') | list", "[]")]
    [InlineData("nothing | map('nothing') | list", "[]")]
    public void Map_FilterOrAttribute_ConvertsEachItem(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("[1, 2, 3] | select('odd') | list", "[1, 3]")]
    [InlineData("[1, 2, 3] | reject('odd') | list", "[2]")]
    [InlineData("[0, 1, ''] | select | list", "[1]")]
    [InlineData("[1, 2, 3] | select('>', 1) | list", "[2, 3]")]
    [InlineData("[{'a': 1}, {'b': 2}] | selectattr('a') | list", "[{'a': 1}]")]
    [InlineData("[{'a': 1}, {'a': 2}] | selectattr('a', 'equalto', 2) | list", "[{'a': 2}]")]
    [InlineData("[{'a': 1}, {'a': 2}] | rejectattr('a', 'in', [1]) | list", "[{'a': 2}]")]
    [InlineData("[{'a': {'b': 1}}, {'a': {}}] | selectattr('a.b', 'defined') | list | length", "1")]
    public void Select_Test_KeepsWhatPasses(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("nothing | default('x')", "x")]
    [InlineData("none | default('x')", "None")]
    [InlineData("none | default('x', true)", "x")]
    [InlineData("'' | d('x', boolean=true)", "x")]
    [InlineData("{}.a | default('x')", "x")]
    public void Default_AnyValue_ReplacesOnlyUndefined(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("{'a': 1} | attr('a') is defined", "False")]
    [InlineData("'a' | attr('upper') is callable", "True")]
    public void Attr_AnyName_FindsNoItem(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("{% set g = [1, 2] | map('string') %}{{ g | list }}{{ g | list }}", "['1', '2'][]")]
    [InlineData("{% set g = [1, 2] | map('string') %}{{ g | first }}{{ g | list }}", "1['2']")]
    [InlineData("{% set g = [] | map('string') %}{% if g %}true{% endif %}", "true")]
    public void Generator_SecondRead_IsEmpty(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));
}
