using System.Text;
using LlamaProvider.Native.Interop;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.Native.Logging;

/// <summary>Puts lines together from the parts in which llama.cpp logs them. One instance a thread.</summary>
internal sealed class NativeLogLine
{
    // Progress dots come without a line end; what has grown this long is a line.
    private const int LongestLine = 4096;

    private readonly StringBuilder _text = new();
    private LogLevel _level = LogLevel.Debug;

    /// <summary>Adds a part and returns the lines that it completes.</summary>
    public IReadOnlyList<(LogLevel Level, string Text)> Append(int level, string part)
    {
        var lines = new List<(LogLevel, string)>();
        if (level != NativeLogLevel.Continue)
        {
            Flush(lines);
            _level = ToLogLevel(level);
        }

        ReadOnlySpan<char> rest = part;
        for (int end = rest.IndexOf('\n'); end >= 0; end = rest.IndexOf('\n'))
        {
            _text.Append(rest[..end]);
            Flush(lines);
            rest = rest[(end + 1)..];
        }

        _text.Append(rest);
        if (_text.Length > LongestLine)
        {
            Flush(lines);
        }

        return lines;
    }

    private void Flush(List<(LogLevel, string)> lines)
    {
        string line = _text.ToString().TrimEnd();
        _text.Clear();
        if (line.Length > 0)
        {
            lines.Add((_level, line));
        }
    }

    private static LogLevel ToLogLevel(int level) => level switch
    {
        NativeLogLevel.Error => LogLevel.Error,
        NativeLogLevel.Warn => LogLevel.Warning,
        NativeLogLevel.Debug => LogLevel.Trace,
        _ => LogLevel.Debug,
    };
}
