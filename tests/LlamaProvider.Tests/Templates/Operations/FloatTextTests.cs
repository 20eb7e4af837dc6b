using Xunit;

namespace LlamaProvider.Tests.Templates.Operations;

/// <summary>Each expected text is what Python writes.</summary>
public sealed class FloatTextTests
{
    [Theory]
    [InlineData("[1.0, 0.1, 1e15, 1e16, 1e22, 123456789.123, 1e-4, 1e-5, -0.0]", "[1.0, 0.1, 1000000000000000.0, 1e+16, 1e+22, 123456789.123, 0.0001, 1e-05, -0.0]")]
    [InlineData("[0.1 + 0.2, 1 / 3, 1e100, 5e-324, 1.7976931348623157e308]", "[0.30000000000000004, 0.3333333333333333, 1e+100, 5e-324, 1.7976931348623157e+308]")]
    [InlineData("[1e308 * 10, -1e308 * 10]", "[inf, -inf]")]
    public void Repr_AnyDouble_IsShortest(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("['%.0f' % 2.5, '%.0f' % 3.5, '%.2f' % 0.125, '%.1f' % 0.25, '%.20f' % 0.1]", "['2', '4', '0.12', '0.2', '0.10000000000000000555']")]
    [InlineData("['%e' % 12345.678, '%.3e' % 0, '%.1e' % 9.99e9, '%E' % 1e-10]", "['1.234568e+04', '0.000e+00', '1.0e+10', '1.000000E-10']")]
    [InlineData("['%g' % 1e-4, '%g' % 1e-5, '%g' % 123456789, '%.3g' % 1234.5, '%G' % 1e-10, '%#g' % 1.0]", "['0.0001', '1e-05', '1.23457e+08', '1.23e+03', '1E-10', '1.00000']")]
    [InlineData("['%.2f' % 1e22, '%f' % 1]", "['10000000000000000000000.00', '1.000000']")]
    public void Format_AnyPrecision_RoundsHalfToEven(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
