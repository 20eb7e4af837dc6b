using Xunit;

namespace LlamaProvider.Tests.Templates.Syntax;

/// <summary>Each expected text is what Jinja2 writes with trim_blocks and lstrip_blocks.</summary>
public sealed class WhitespaceControlTests
{
    [Theory]
    [InlineData("  {% if true %}  a  {% endif %}  b", "  a    b")]
    [InlineData("a\n  {% if true %}\n  b\n  {% endif %}\nc", "a\n  b\nc")]
    [InlineData("a\n  {%- if true -%}\n  b\n  {%- endif -%}\nc", "abc")]
    [InlineData("a\n  {%+ if true +%}\n  b\n  {%+ endif +%}\nc", "a\n  \n  b\n  \nc")]
    [InlineData("a\n  {{ 1 }}\n  b", "a\n  1\n  b")]
    [InlineData("a  {{- 1 -}}  b", "a1b")]
    [InlineData("a\n  {# c #}\nb", "a\nb")]
    [InlineData("a\n  {#- c -#}\nb", "ab")]
    [InlineData("a {#+ c +#}\nb", "a \nb")]
    [InlineData("a{% if true %}\n\nb{% endif %}", "a\nb")]
    [InlineData("x {% if true %}y{% endif %} z", "x y z")]
    [InlineData("{% if true %}a{% endif %}\n  {% if true %}b{% endif %}", "ab")]
    [InlineData("\t {% if true %}x{% endif %}\t", "x\t")]
    [InlineData("a\n\n", "a\n")]
    [InlineData("a\n", "a")]
    [InlineData("{{ 'a' }}\nb", "a\nb")]
    public void Whitespace_AroundTags_FollowsJinja(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));

    [Theory]
    [InlineData("{% raw %}{{ x }}{% endraw %}", "{{ x }}")]
    [InlineData("{% raw -%}  {{ x }}  {%- endraw %}\nq", "{{ x }}q")]
    [InlineData("  {%- raw %}\n {{ x }}\n{% endraw -%}\n z", "\n {{ x }}\nz")]
    [InlineData("  {% raw %}\n {% x %}\n  {% endraw %}\n z", "\n {% x %}\n z")]
    [InlineData("{% raw %}{% endraw x %}{%endraw%}", "{% endraw x %}")]
    public void Raw_AnyBody_IsText(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));

    [Theory]
    [InlineData("{{ 'a' }}{% if true %}\n{% endif %}b", "ab")]
    public void LineBreak_AnyKind_BecomesOneCharacter(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Text(template));
}
