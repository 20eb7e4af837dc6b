using Xunit;

namespace LlamaProvider.Tests.Templates.Operations;

/// <summary>Each expected text is what Python writes.</summary>
public sealed class FormatTests
{
    [Theory]
    [InlineData("'%s %s' % (1, 'a')", "1 a")]
    [InlineData("'%d' % 3.7", "3")]
    [InlineData("'%5d|%-5d|%05d' % (1, 2, 3)", "    1|2    |00003")]
    [InlineData("'%+d % d' % (1, 2)", "+1  2")]
    [InlineData("'%x %X %o %#x' % (255, 255, 8, 255)", "ff FF 10 0xff")]
    [InlineData("'%c%c' % ('a', 66)", "aB")]
    [InlineData("'%r %s' % ('a', [1])", "'a' [1]")]
    [InlineData("'%d%%' % 50", "50%")]
    [InlineData("'%(a)s-%(b)5.1f' % {'a': 1, 'b': 2.25}", "1-  2.2")]
    [InlineData("'%*d|%.3s|%-5s|' % (5, 1, 'abcdef', 'b')", "    1|abc|b    |")]
    [InlineData("'%s' % nothing", "")]
    public void PercentFormat_AnyField_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("'{} {}'.format(1, 'a')", "1 a")]
    [InlineData("'{1} {0}'.format('a', 'b')", "b a")]
    [InlineData("'{a} {b[0]} {b[1].c}'.format(a=1, b=[2, {'c': 3}])", "1 2 3")]
    [InlineData("'{{}} {!r}'.format('a')", "{} 'a'")]
    [InlineData("'{:>5}|{:<5}|{:^5}|{:*^5}'.format('a', 'b', 'c', 'd')", "    a|b    |  c  |**d**")]
    [InlineData("'{:05d} {:+d} {: d}'.format(42, 4, 4)", "00042 +4  4")]
    [InlineData("'{:,} {:_} {:,.2f}'.format(1234567, 1234567, 1234567.891)", "1,234,567 1_234_567 1,234,567.89")]
    [InlineData("'{:.2f} {:.0f} {:e} {:g} {:.1%}'.format(3.14159, 2.5, 12345.678, 1e-5, 0.256)", "3.14 2 1.234568e+04 1e-05 25.6%")]
    [InlineData("'{:x} {:X} {:o} {:b} {:#06x} {:c}'.format(255, 255, 8, 5, 10, 65)", "ff FF 10 101 0x000a A")]
    [InlineData("'{:{w}}|{:.2}'.format('a', 'abc', w=5)", "a    |ab")]
    [InlineData("'{:10}|{:10}|{:d}'.format(5, true, true)", "         5|         1|1")]
    [InlineData("'{a}'.format_map({'a': 1})", "1")]
    public void BraceFormat_AnyField_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
