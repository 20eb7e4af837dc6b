using LlamaProvider.Native;
using LlamaProvider.Native.Logging;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.ModelTests.Native;

public sealed class NativeLogTests
{
    [Fact]
    public void Load_WithLogger_ReceivesWholeLines()
    {
        var logger = new ListLogger();
        using (NativeLog.Add(logger))
        {
            LlamaCppModel.Load(TestFiles.PocketDraft, new LlamaCppModelOptions(), null, CancellationToken.None).Dispose();
        }

        int count = logger.Lines.Count;
        LlamaCppModel.Load(TestFiles.PocketDraft, new LlamaCppModelOptions(), null, CancellationToken.None).Dispose();

        Assert.Contains(logger.Lines, line => line.Contains("general.architecture", StringComparison.Ordinal));
        Assert.All(logger.Lines, line => Assert.DoesNotContain('\n', line));
        Assert.Equal(count, logger.Lines.Count);
    }

    [Fact]
    public void Load_LoggerThrows_LoadingGoesOn()
    {
        using IDisposable _ = NativeLog.Add(new ListLogger { Fails = true });

        LlamaCppModel.Load(TestFiles.PocketDraft, new LlamaCppModelOptions(), null, CancellationToken.None).Dispose();
    }

    private sealed class ListLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public bool Fails { get; init; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (Fails)
            {
                throw new InvalidOperationException("logger");
            }

            lock (Lines)
            {
                Lines.Add(formatter(state, exception));
            }
        }
    }
}
