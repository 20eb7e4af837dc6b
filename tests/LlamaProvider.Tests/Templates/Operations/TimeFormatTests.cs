using Xunit;

namespace LlamaProvider.Tests.Templates.Operations;

/// <summary>2025-01-02 15:04:05 through strftime.</summary>
public sealed class TimeFormatTests
{
    [Theory]
    [InlineData("strftime_now('%Y-%m-%d %H:%M:%S')", "2025-01-02 15:04:05")]
    [InlineData("strftime_now('%d %b %Y, %A %B %a')", "02 Jan 2025, Thursday January Thu")]
    [InlineData("strftime_now('%-d/%-m %e %I%p %j %y %f')", "2/1  2 03PM 002 25 000000")]
    [InlineData("strftime_now('%U %W %V %G %u %w %C')", "00 00 01 2025 4 4 20")]
    [InlineData("strftime_now('%c|%x|%X|%D|%F|%T|%R|%r')", "Thu Jan  2 15:04:05 2025|01/02/25|15:04:05|01/02/25|2025-01-02|15:04:05|15:04|03:04:05 PM")]
    [InlineData("strftime_now('[%z%Z] 100%% %q')", "[] 100% %q")]
    public void StrftimeNow_AnyDirective_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
