using System.Globalization;
using LlamaProvider.Tool.Output;

namespace LlamaProvider.Tool.Tests.Output;

public class UnitsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KiB")]
    [InlineData(5_643_040, "5.4 MiB")]
    [InlineData(3L << 30, "3.00 GiB")]
    public void Bytes_Number_IsInPowersOf1024(long bytes, string expected) => Assert.Equal(expected, InGerman(() => Units.Bytes(bytes)));

    [Theory]
    [InlineData(999, "999")]
    [InlineData(1_500, "1.5 k")]
    [InlineData(135_000_000, "135.0 M")]
    [InlineData(7_620_000_000, "7.62 G")]
    public void Count_Number_IsInPowersOf1000(long count, string expected) => Assert.Equal(expected, InGerman(() => Units.Count(count)));

    [Fact]
    public void Time_OtherZone_IsUtc() => Assert.Equal("2026-01-31 23:30", Units.Time(new DateTimeOffset(2026, 2, 1, 1, 30, 0, TimeSpan.FromHours(2))));

    [Theory]
    [InlineData("plain\ttext\n", "plain\ttext\n")]
    [InlineData("a\e[2J\r\nb\u009b", "a\u241B[2J\nb\uFFFD")]
    public void Clean_ControlCharacters_AreShown(string text, string expected) => Assert.Equal(expected, TerminalText.Clean(text));

    private static string InGerman(Func<string> write)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de");
        try
        {
            return write();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
