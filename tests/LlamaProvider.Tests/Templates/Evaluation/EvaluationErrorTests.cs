using Xunit;

namespace LlamaProvider.Tests.Templates.Evaluation;

/// <summary>The exact text of errors: position, value, rule, remedy.</summary>
public sealed class EvaluationErrorTests
{
    private const string Undefined = "Pass it in the input, or guard it with 'is defined' or '| default(...)'.";

    [Theory]
    [InlineData("{{ raise_exception('Roles must alternate') }}", 19, "The template refuses the input: Roles must alternate. Change the messages or the options as it asks.")]
    [InlineData("{{ x.y }}", 5, "'x' is undefined. " + Undefined)]
    [InlineData("{{ x() }}", 5, "'x' is undefined. " + Undefined)]
    [InlineData("{{ {}.a.b }}", 8, "'dict object' has no attribute 'a'. " + Undefined)]
    [InlineData("{{ [1][5] + 1 }}", 11, "list object has no element 5. " + Undefined)]
    [InlineData("{{ 'a' + {} }}", 8, "can only concatenate str (not \"dict\") to str. Use '~', or convert the right side with '| string' or '| tojson'.")]
    [InlineData("{{ 1 + 'a' }}", 6, "unsupported operand type(s) for +: 'int' and 'str'. Convert one side first, for example with '| string' or '| int'.")]
    [InlineData("{{ 1 < 'a' }}", 6, "'<' not supported between instances of 'int' and 'str'. Compare values of one type: numbers, strings, or lists of those.")]
    [InlineData("{{ 1 // 0 }}", 6, "division by zero. Test the divisor first.")]
    [InlineData("{{ 5() }}", 5, "'int' object is not callable. Call a macro, a method or a global function.")]
    [InlineData("{{ 5 | length }}", 8, "object of type 'int' has no len(). Give a list, a mapping or a string; turn a generator into a list with '| list'.")]
    [InlineData("{% for x in none %}{% endfor %}", 4, "'NoneType' object is not iterable. Give a list, a mapping or a string, or test it with 'is iterable' first.")]
    [InlineData("{% for a, b in [[1]] %}{% endfor %}", 4, "not enough values to unpack (expected 2, got 1). Name as many targets as there are values.")]
    [InlineData("{% set a = 1 %}{% set a.b = 1 %}", 19, "cannot assign attribute 'b' on non-namespace object 'a'. Make it with namespace().")]
    [InlineData("{{ [].append(1) }}", 13, "access to attribute 'append' of 'list' object is unsafe. Templates run in a sandbox that neither changes lists and mappings nor reaches internals: build a new value instead.")]
    [InlineData("{{ ([] | map('x')) | tojson }}", 22, "Object of type generator is not JSON serializable. Give strings, numbers, booleans, none, lists and mappings; turn a generator into a list with '| list'.")]
    [InlineData("{{ 'a'.upper(1) }}", 13, "upper() takes at most 0 argument(s), not 1. Drop them.")]
    [InlineData("{{ 'a'.find() }}", 12, "find() misses its argument 'sub'. Its parameters are sub, start, end.")]
    [InlineData("{{ 'a' | trim(x=1) }}", 10, "trim() got an unexpected keyword argument 'x'. Its parameters are chars.")]
    [InlineData("{{ 'a'.split(1) }}", 13, "split() argument 'sep' must be a string, not 'int'. Convert the argument first.")]
    [InlineData("{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", 35, "macro 'm' takes not more than 1 argument(s), not 2. Drop the others, or let its body read 'varargs'.")]
    [InlineData("{% macro m() %}{% endmacro %}{{ m(b=1) }}", 34, "macro 'm' takes no keyword argument 'b'. Name one of its parameters, or let its body read 'kwargs'.")]
    [InlineData("{{ {[1]: 2} }}", 4, "unhashable type: 'list'. Use a string, a number or a tuple of those as a key.")]
    [InlineData("{{ '%d' % 'a' }}", 9, "%d format: a real number is required, not str. Convert the value with '| int' or '| float'.")]
    [InlineData("{{ 'a' if false }}{{ ('a' if false) + 1 }}", 37, "the inline if-expression evaluated to false and no else section was defined. " + Undefined)]
    public void Render_WrongOperation_SaysWhereAndWhy(string template, int column, string problem)
    {
        var exception = TemplateRun.Failure("\n" + template);
        Assert.Equal($"Chat template, line 2, column {column}: {problem}", exception.Message);
        Assert.Equal((2, column), (exception.Line, exception.Column));
    }
}
