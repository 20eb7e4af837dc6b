using System.Globalization;

namespace HostedService.Load;

/// <summary>Reads a service's memory from its metrics, once a second.</summary>
internal sealed class MemoryWatch(HttpClient http, LoadOptions options)
{
    private const string Metric = "dotnet_process_memory_working_set_bytes";

    /// <summary>Watches until the time is up.</summary>
    /// <returns>Mebibytes, oldest first.</returns>
    public async Task<List<double>> RunAsync(CancellationToken timeIsUp)
    {
        List<double> samples = [];
        while (!timeIsUp.IsCancellationRequested)
        {
            samples.Add(await ReadAsync());
            await Task.Delay(TimeSpan.FromSeconds(1), timeIsUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return samples;
    }

    private async Task<double> ReadAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.Address, "/metrics"));
        request.Headers.Authorization = options.ApiKey is { } key ? new("Bearer", key) : null;
        using HttpResponseMessage response = await http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        string? line = text.Split('\n').FirstOrDefault(static line => line.StartsWith(Metric, StringComparison.Ordinal));
        string? value = line?[(line.LastIndexOf('}') + 1)..].Trim().Split(' ').FirstOrDefault(static part => part.Length > 0 && char.IsAsciiDigit(part[0]));
        return value is null
            ? throw new InvalidOperationException($"The service's metrics have no {Metric}, so its memory cannot be watched. Is {options.Address} this service?")
            : double.Parse(value, CultureInfo.InvariantCulture) / (1024 * 1024);
    }
}
