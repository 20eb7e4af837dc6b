using Xunit;

namespace LlamaProvider.Tests.Templates.Operations;

/// <summary>Each expected text is what Python writes.</summary>
public sealed class ArithmeticTests
{
    [Theory]
    [InlineData("[7 / 2, 7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 % -3]", "[3.5, 3, -4, 1, 2, -2]")]
    [InlineData("[7.5 // 2, -7.5 // 2, -7.5 % 2, 7.5 % -2]", "[3.0, -4.0, 0.5, -0.5]")]
    [InlineData("[2 ** 10, 2 ** -1, 2 ** 0.5, 2 ** 3 ** 2, -2 ** 2]", "[1024, 0.5, 1.4142135623730951, 64, 4]")]
    [InlineData("[10 ** 20, 10 ** 20 // 3, -10 ** 20 % 7, 9223372036854775807 + 1]", "[100000000000000000000, 33333333333333333333, 2, 9223372036854775808]")]
    [InlineData("[true + true, -true, +2.5, - -3]", "[2, -1, 2.5, 3]")]
    [InlineData("1 + 2 * 3 - 4 / 2", "5.0")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("2 * 3 % 4", "2")]
    public void Operator_Numbers_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("'a' * 3 + 'b'", "aaab")]
    [InlineData("3 * 'ab'", "ababab")]
    [InlineData("'a' * -1", "")]
    [InlineData("[1] + [2] * 2", "[1, 2, 2]")]
    [InlineData("(1,) + (2,)", "(1, 2)")]
    [InlineData("'a' ~ 1 ~ none ~ true ~ 2.5 ~ [1, 'a'] ~ nothing", "a1NoneTrue2.5[1, 'a']")]
    [InlineData("1 ~ (2 + 3)", "15")]
    public void Operator_Sequences_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("[1 == 1.0, 1 == true, [1] == (1,), {'a': 1} == {'a': 1.0}, none == false, nothing == nobody]", "[True, True, False, True, False, True]")]
    [InlineData("[1 < 2 < 3, 1 < 2 > 3, 'a' < 'b', [1, 2] < [1, 3], [1] < [1, 2]]", "[True, False, True, True, True]")]
    [InlineData("['😀' > '\\uffff', 9007199254740993 > 9007199254740992.0]", "[True, True]")]
    [InlineData("['a' in 'abc', 1.0 in [1], 'a' in {'a': 1}, 1 not in [1], 'x' in nothing]", "[True, True, True, False, False]")]
    [InlineData("[1 and 2, 0 or 'x', '' or none, not '']", "[2, 'x', None, True]")]
    public void Comparison_AnyValues_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
