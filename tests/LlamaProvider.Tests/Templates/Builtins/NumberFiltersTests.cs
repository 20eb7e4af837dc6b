using Xunit;

namespace LlamaProvider.Tests.Templates.Builtins;

/// <summary>Each expected text is what Jinja2 writes.</summary>
public sealed class NumberFiltersTests
{
    [Theory]
    [InlineData("'3.7' | int", "3")]
    [InlineData("'abc' | int", "0")]
    [InlineData("'abc' | int(9)", "9")]
    [InlineData("'0x1f' | int(base=16)", "31")]
    [InlineData("' 12 ' | int", "12")]
    [InlineData("'1_000' | int", "1000")]
    [InlineData("-3.99 | int", "-3")]
    [InlineData("true | int", "1")]
    [InlineData("none | int", "0")]
    [InlineData("'3.5' | float", "3.5")]
    [InlineData("'x' | float(1.5)", "1.5")]
    [InlineData("'inf' | float", "inf")]
    [InlineData("-7 | abs", "7")]
    [InlineData("2.5 | abs", "2.5")]
    [InlineData("2.5 | round", "2.0")]
    [InlineData("3.5 | round", "4.0")]
    [InlineData("2.675 | round(2)", "2.67")]
    [InlineData("1250 | round(-2)", "1200")]
    [InlineData("1350 | round(-2)", "1400")]
    [InlineData("5 | round", "5")]
    [InlineData("5.55 | round(1, 'floor')", "5.5")]
    [InlineData("5.51 | round(1, 'ceil')", "5.6")]
    [InlineData("1 | filesizeformat", "1 Byte")]
    [InlineData("1500000 | filesizeformat", "1.5 MB")]
    [InlineData("1500000 | filesizeformat(true)", "1.4 MiB")]
    public void Filter_AnyNumber_FollowsJinja(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
