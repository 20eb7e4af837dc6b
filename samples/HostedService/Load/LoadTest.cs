using System.Diagnostics;

namespace HostedService.Load;

/// <summary>Many callers at once, a third of whose requests are left in the middle.</summary>
internal static class LoadTest
{
    public static async Task<LoadReport> RunAsync(LoadOptions options)
    {
        // Callers that leave close their connection, so each has its own.
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var time = new CancellationTokenSource(options.Duration);
        long started = Stopwatch.GetTimestamp();
        Task<List<double>> memory = new MemoryWatch(http, options).RunAsync(time.Token);
        List<LoadResult>[] results = await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(number => new LoadClient(http, options, number).RunAsync(time.Token)));
        return new LoadReport([.. results.SelectMany(static list => list)], await memory, Stopwatch.GetElapsedTime(started));
    }
}
