using Xunit;

namespace LlamaProvider.Tests.Templates.Builtins;

/// <summary>The tests behind "is"; each expected text is what Jinja2 writes.</summary>
public sealed class TestsTests
{
    [Theory]
    [InlineData("[1 is defined, nothing is defined, nothing is undefined, none is defined]", "[True, False, True, True]")]
    [InlineData("[none is none, 0 is none, nothing is none]", "[True, False, False]")]
    [InlineData("[true is boolean, 1 is boolean, true is true, 1 is true, false is false, 0 is false]", "[True, False, True, False, True, False]")]
    [InlineData("[1 is number, 1.5 is number, true is number, '1' is number]", "[True, True, True, False]")]
    [InlineData("[1 is integer, true is integer, 1.0 is float, 1 is float]", "[True, False, True, False]")]
    [InlineData("['a' is string, 1 is string]", "[True, False]")]
    [InlineData("[{} is mapping, [] is mapping]", "[True, False]")]
    [InlineData("[[] is iterable, 'a' is iterable, 1 is iterable, nothing is iterable, {}.items() is iterable]", "[True, True, False, True, True]")]
    [InlineData("[[] is sequence, 'a' is sequence, {} is sequence, {}.items() is sequence, range(2) is sequence, 1 is sequence]", "[True, True, True, False, True, False]")]
    [InlineData("[range is callable, 'a'.upper is callable, 'a' is callable]", "[True, True, False]")]
    [InlineData("['abc' is lower, 'ABC' is upper, 'aB' is lower]", "[True, True, False]")]
    [InlineData("['upper' is filter, 'nope' is filter, 'odd' is test]", "[True, False, True]")]
    [InlineData("[('<' | safe) is escaped, '<' is escaped]", "[True, False]")]
    public void Type_AnyValue_IsTold(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("[3 is odd, 4 is even, 6 is divisibleby 3, 6 is divisibleby(4)]", "[True, True, True, False]")]
    [InlineData("[1 is eq 1.0, 1 is ne 1, 1 is lt 2, 1 is le 1, 1 is gt 2, 1 is ge 1, 1 is equalto 1]", "[True, False, True, True, False, True, True]")]
    [InlineData("[1 is in [1], 'a' is in 'abc', 'x' is not in 'abc']", "[True, True, True]")]
    [InlineData("[none is sameas none, 1 is sameas 1]", "[True, True]")]
    [InlineData("1 is not none and 2 is number", "True")]
    public void Comparison_AnyOperand_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
