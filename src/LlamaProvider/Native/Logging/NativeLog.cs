using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlamaProvider.Native.Interop;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.Native.Logging;

/// <summary>
/// Routes llama.cpp's log, which is one callback for the whole process, called from any thread with parts of lines, to the loggers of all engines.
/// </summary>
/// <remarks>llama.cpp's info lines are many and technical; they arrive as <see cref="LogLevel.Debug"/>, its debug lines as <see cref="LogLevel.Trace"/>.</remarks>
internal static unsafe class NativeLog
{
    private static ImmutableArray<ILogger> _loggers = [];

    [ThreadStatic]
    private static NativeLogLine? _line;

    [ThreadStatic]
    private static Capture? _capture;

    public static void Connect() => LibLlama.LogSet(&OnLog, null);

    /// <summary>Adds a logger until the result is disposed. A logger added twice must be removed twice.</summary>
    public static IDisposable Add(ILogger logger)
    {
        ImmutableInterlocked.Update(ref _loggers, static (loggers, added) => loggers.Add(added), logger);
        return new Registration(logger);
    }

    /// <summary>Collects the warnings and errors that this thread's native calls log until the result is disposed.</summary>
    /// <param name="onLine">Told of every line, whatever its level.</param>
    public static Capture CaptureErrors(Action<string>? onLine = null) => new(onLine);

    internal static void Write(int level, string text)
    {
        _line ??= new NativeLogLine();
        foreach ((LogLevel lineLevel, string line) in _line.Append(level, text))
        {
            _capture?.Add(lineLevel, line);
            foreach (ILogger logger in _loggers)
            {
                logger.Log(lineLevel, "{NativeMessage}", line);
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(int level, byte* text, void* data)
    {
        try
        {
            Write(level, Marshal.PtrToStringUTF8((nint)text) ?? "");
        }
        catch
        {
            // An exception of a logger cannot cross native frames: it would end the process.
        }
    }

    /// <summary>What one native call logs.</summary>
    public sealed class Capture : IDisposable
    {
        private readonly List<string> _lines = [];
        private readonly Action<string>? _onLine;
        private readonly Capture? _outer;

        public Capture(Action<string>? onLine)
        {
            _onLine = onLine;
            _outer = _capture;
            _capture = this;
        }

        /// <summary>The lines of warnings and errors as one sentence part, or a stand-in when llama.cpp said nothing.</summary>
        public string Summary => _lines.Count == 0 ? "llama.cpp gave no reason" : string.Join("; ", _lines.Distinct(StringComparer.Ordinal));

        public void Add(LogLevel level, string line)
        {
            if (level >= LogLevel.Warning)
            {
                _lines.Add(line);
            }

            _onLine?.Invoke(line);
        }

        public void Dispose() => _capture = _outer;
    }

    private sealed class Registration(ILogger logger) : IDisposable
    {
        private int _removed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _removed, 1) == 0)
            {
                ImmutableInterlocked.Update(ref _loggers, static (loggers, removed) => loggers.Remove(removed), logger);
            }
        }
    }
}
