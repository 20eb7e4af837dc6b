using Xunit;

namespace LlamaProvider.Tests.Templates.Syntax;

/// <summary>The exact text of errors: position, value, rule, remedy.</summary>
public sealed class SyntaxErrorTests
{
    [Theory]
    [InlineData("a\n{# x", 2, 1, "Missing end of comment tag. Close the comment with '#}'.")]
    [InlineData("{% raw %}x", 1, 1, "Missing end of raw directive. Close the block with '{% endraw %}'.")]
    [InlineData("{{ x", 1, 1, "Missing end of '{{'. Close it with '}}'.")]
    [InlineData("{{ 'x }}", 1, 4, "A string has no end. Close it with '.")]
    [InlineData("{{ a ! b }}", 1, 6, "unexpected char '!'. Write an expression, and text outside of the delimiters.")]
    [InlineData("{{ (1] }}", 1, 6, "unexpected ']', expected ')'. Close the brackets in the order in which they were opened.")]
    [InlineData("{{ 1) }}", 1, 5, "unexpected ')'. Open the bracket first.")]
    [InlineData("{{ '\\x4' }}", 1, 5, "The escape \\x needs 2 hexadecimal digits of a character. Complete it, or double the backslash.")]
    [InlineData("{{ }}", 1, 4, "expected an expression, got '}}'. Correct the template's syntax.")]
    [InlineData("{{ 1 + }}", 1, 8, "expected an expression, got '}}'. Correct the template's syntax.")]
    [InlineData("{{ 1 2 }}", 1, 6, "expected '}}', got '2'. Correct the template's syntax.")]
    [InlineData("{{ x.+ }}", 1, 6, "expected a name or a number behind '.', got '+'. Correct the template's syntax.")]
    [InlineData("{{ f(a=1, 2) }}", 1, 11, "invalid order of arguments. Write values, then names, then '*list', then '**mapping'.")]
    [InlineData("{% if x %}\n{{ 1 }}", 2, 8, "expected 'endif' for the 'if' of line 1, got the end of the template. Correct the template's syntax.")]
    [InlineData("{% if x %}{% endfor %}", 1, 14, "expected 'endif' for the 'if' of line 1, got 'endfor'. Correct the template's syntax.")]
    [InlineData("{% for x %}", 1, 10, "expected 'in', got '%}'. Correct the template's syntax.")]
    [InlineData("{% set 1 = 2 %}", 1, 8, "expected a name to assign to, got '1'. Correct the template's syntax.")]
    [InlineData("{% set none = 2 %}", 1, 8, "can't assign to 'none'. Choose another name.")]
    [InlineData("{% for i in x %}{% set loop = 1 %}{% endfor %}", 1, 24, "can't assign to 'loop'. Choose another name.")]
    [InlineData("{% break %}", 1, 4, "'break' outside of a loop. Move it into the body of a for.")]
    [InlineData("{% for i in x %}{% macro m() %}{% continue %}{% endmacro %}{% endfor %}", 1, 35, "'continue' outside of a loop. Move it into the body of a for.")]
    [InlineData("{% call 5 %}{% endcall %}", 1, 4, "expected a call behind 'call'. Write {% call macro(arguments) %}.")]
    [InlineData("{% macro m(a=1, b) %}{% endmacro %}", 1, 17, "The parameter 'b' needs a default, since one in front of it has. Add one.")]
    [InlineData("{% macro m(caller) %}{% endmacro %}", 1, 12, "The parameter 'caller' needs a default, since not every call brings a caller. Add one.")]
    [InlineData("{% do x %}", 1, 4, "Encountered unknown tag 'do'. Chat templates have if, for, set, macro, call, filter, with, generation, break, continue and raw, each closed by its own end tag.")]
    [InlineData("{{ x is a is b }}", 1, 11, "expected no second test; join tests with 'and', got 'is'. Correct the template's syntax.")]
    public void Compile_WrongSyntax_SaysWhereAndWhy(string template, int line, int column, string problem)
    {
        var exception = TemplateRun.Failure(template);
        Assert.Equal($"Chat template, line {line}, column {column}: {problem}", exception.Message);
        Assert.Equal((line, column), (exception.Line, exception.Column));
    }

    [Theory]
    [InlineData("{{ x | nope }}", false)]
    [InlineData("{{ x is nope }}", false)]
    [InlineData("{% for i in x %}{{ i | nope }}{% endfor %}", false)]
    [InlineData("{% if false %}{% for i in x %}{{ i | nope }}{% endfor %}{% endif %}", false)]
    [InlineData("{% if false %}{{ x | nope }}{% endif %}", true)]
    [InlineData("{% if true %}{% else %}{{ x is nope }}{% endif %}", true)]
    [InlineData("{{ (x | nope) if false else '' }}", true)]
    public void Compile_UnknownFilter_IsAllowedInABranchThatDoesNotRun(string template, bool isAllowed)
    {
        if (isAllowed)
        {
            Assert.Empty(TemplateRun.Text(template));
        }
        else
        {
            Assert.Contains("named 'nope'. The ", TemplateRun.Failure(template).Message, StringComparison.Ordinal);
        }
    }
}
