using LlamaProvider.Native.Interop;
using LlamaProvider.Native.Logging;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.Tests.Native.Logging;

public sealed class NativeLogLineTests
{
    private readonly NativeLogLine _line = new();

    [Fact]
    public void Append_PartsOfALine_GiveOneLine()
    {
        Assert.Empty(_line.Append(NativeLogLevel.Warn, "half of"));
        Assert.Empty(_line.Append(NativeLogLevel.Continue, " a"));

        Assert.Equal([(LogLevel.Warning, "half of a line")], _line.Append(NativeLogLevel.Continue, " line\n"));
    }

    [Fact]
    public void Append_SeveralLinesAtOnce_GivesEach() =>
        Assert.Equal([(LogLevel.Error, "one"), (LogLevel.Error, "two")], _line.Append(NativeLogLevel.Error, "one\n\ntwo\n"));

    [Fact]
    public void Append_NewLineWithoutEndOfTheLast_EndsItWithItsOwnLevel()
    {
        _line.Append(NativeLogLevel.Info, "unfinished");

        Assert.Equal([(LogLevel.Debug, "unfinished"), (LogLevel.Trace, "next")], _line.Append(NativeLogLevel.Debug, "next\n"));
    }

    [Fact]
    public void Append_EndlessProgressDots_AreFlushedNowAndThen()
    {
        int lines = Enumerable.Range(0, 10_000).Sum(_ => _line.Append(NativeLogLevel.Continue, ".").Count);

        Assert.Equal(2, lines);
    }
}
