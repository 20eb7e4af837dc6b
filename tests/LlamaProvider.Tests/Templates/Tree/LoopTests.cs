using Xunit;

namespace LlamaProvider.Tests.Templates.Tree;

/// <summary>Each expected text is what Jinja2 writes.</summary>
public sealed class LoopTests
{
    [Theory]
    [InlineData("{% for i in 'abc' %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}", "1032TrueFalse3;2121FalseFalse3;3210FalseTrue3;")]
    [InlineData("{% for i in [1, 2] %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }};{% endfor %}", "<1>2;1<2>;")]
    [InlineData("{% for i in 'abc' %}{{ loop.cycle('x', 'y') }}{% endfor %}", "xyx")]
    [InlineData("{% for i in 'aab' %}{{ loop.changed(i) }}{% endfor %}", "TrueFalseTrue")]
    [InlineData("{% for i in 'ab' %}{% set outer = loop %}{% for j in 'cd' %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}", "11 12 21 22 ")]
    [InlineData("{% for i in [1, 2] | map('string') %}{{ loop.length }}{{ loop.revindex }}{% endfor %}", "2221")]
    public void Loop_Variable_KnowsItsPlace(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));

    [Theory]
    [InlineData("{% for i in [3, 1, 2] if i > 1 %}{{ i }}{{ loop.index }}{{ loop.last }}{{ loop.length }};{% endfor %}", "31False2;22True2;")]
    [InlineData("{% for i in [1] if i > 10 %}{{ i }}{% else %}none{% endfor %}", "none")]
    [InlineData("{% set ns = namespace(stop=false) %}{% for i in [1, 2] if not ns.stop %}{{ i }}{% set ns.stop = true %}{% endfor %}", "1")]
    [InlineData("{% set ns = namespace(stop=false) %}{% for i in [1, 2] if not ns.stop %}{{ i }}{{ loop.last }}{% set ns.stop = true %}{% endfor %}", "1False2True")]
    public void Loop_Filter_SeesNoLoopVariable(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));

    [Theory]
    [InlineData("{% for i in [] %}{{ i }}{% else %}E{% endfor %}", "E")]
    [InlineData("{% for i in nothing %}{{ i }}{% else %}E{% endfor %}", "E")]
    [InlineData("{% for i in [1] %}{{ i }}{% else %}E{% endfor %}", "1")]
    [InlineData("{% for i in [1] %}{% continue %}{% else %}E{% endfor %}", "E")]
    [InlineData("{% for i in [1] %}{% break %}{% else %}E{% endfor %}", "E")]
    [InlineData("{% for i in [1, 2] %}{% if i == 2 %}{% break %}{% endif %}{% else %}E{% endfor %}", "")]
    public void Loop_Else_RunsWithoutACompleteIteration(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));

    [Theory]
    [InlineData("{% for i in 'ab' %}{% for j in 'cd' %}{% if j == 'd' %}{% break %}{% endif %}{{ i }}{{ j }} {% endfor %}{% endfor %}", "ac bc ")]
    [InlineData("{% for i in 'abc' %}{% if i == 'b' %}{% continue %}{% endif %}{{ i }}{% endfor %}", "ac")]
    public void Loop_Control_LeavesTheInnermost(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));

    [Theory]
    [InlineData("{% for a, b in [[1, 2], [3, 4]] %}{{ a }}-{{ b }};{% endfor %}", "1-2;3-4;")]
    [InlineData("{% for (a, (b, c)) in [[1, [2, 3]]] %}{{ a }}{{ b }}{{ c }}{% endfor %}", "123")]
    [InlineData("{% for k, v in {'a': 1}.items() %}{{ k }}={{ v }}{% endfor %}", "a=1")]
    [InlineData("{% for i in 1, 2 %}{{ i }}{% endfor %}", "12")]
    public void Loop_Targets_AreUnpacked(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));

    [Theory]
    [InlineData("{% for n in [{'v': 1, 'c': [{'v': 2, 'c': []}, {'v': 3, 'c': []}]}] recursive %}{{ n.v }}@{{ loop.depth }}({{ loop(n.c) }}){% endfor %}", "1@1(2@2()3@2())")]
    [InlineData("{% for n in [[1, [2, [3]]]] recursive %}{% if n is iterable %}[{{ loop(n) }}]{% else %}{{ n }}{% endif %}{% endfor %}", "[1[2[3]]]")]
    public void Loop_Recursive_KnowsItsDepth(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));
}
