using Xunit;

namespace LlamaProvider.Tests.Templates.Builtins;

/// <summary>Each expected text is what Jinja2 writes.</summary>
public sealed class TextFiltersTests
{
    [Theory]
    [InlineData("'hello' | upper", "HELLO")]
    [InlineData("5 | upper", "5")]
    [InlineData("'a-b c(d' | title", "A-B C(D")]
    [InlineData("'hELLO' | capitalize", "Hello")]
    [InlineData("'  a ' | trim", "a")]
    [InlineData("'xax' | trim('x')", "a")]
    [InlineData("'ab' | center(5) ~ '|'", "  ab |")]
    [InlineData("'Hello' | replace('l', 'L', 1)", "HeLlo")]
    [InlineData("5 | replace(5, 6)", "6")]
    [InlineData("'a b-c' | wordcount", "3")]
    [InlineData("'foo bar baz qux' | truncate(9)", "foo...")]
    [InlineData("'foo bar baz qux' | truncate(9, true)", "foo ba...")]
    [InlineData("'foo bar' | truncate(5)", "foo bar")]
    [InlineData("'abcdefghij' | truncate(5, false, '…', 0)", "abcd…")]
    [InlineData("'%s-%d' | format('a', 1)", "a-1")]
    [InlineData("'%(a)s' | format(a=5)", "5")]
    [InlineData("none | string", "None")]
    [InlineData("[1, 'a'] | string", "[1, 'a']")]
    public void Filter_AnyText_FollowsJinja(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("'a\\nb\\n\\nc' | indent", "a\n    b\n\n    c")]
    [InlineData("'a\\nb\\n\\nc' | indent(2, true)", "  a\n  b\n\n  c")]
    [InlineData("'a\\n\\nc' | indent(2, blank=true)", "a\n  \n  c")]
    [InlineData("'a\\nb' | indent('> ', true)", "> a\n> b")]
    [InlineData("'a\\n' | indent", "a\n")]
    public void Indent_AnyText_LeavesEmptyLines(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
