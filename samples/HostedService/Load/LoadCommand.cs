using System.CommandLine;
using LlamaProvider.Benchmarks.Support;

namespace HostedService.Load;

/// <summary><c>load</c>: puts a running service, or one that it starts for this, under load, and says how it fared. The exit code is 1 when a request broke.</summary>
internal static class LoadCommand
{
    private static readonly TimeSpan QuickDuration = TimeSpan.FromSeconds(10);

    public static Task<int> RunAsync(string[] arguments, TextWriter output)
    {
        var url = new Option<Uri?>("--url") { HelpName = "ADDRESS", Description = "A running service. Default: one is started with the settings of appsettings.json, on a free port." };
        var model = new Option<string>("--model") { HelpName = "NAME", Description = "The model that is asked.", DefaultValueFactory = static _ => "pocket-chat" };
        var clients = new Option<int>("--clients") { HelpName = "N", Description = "Callers at once.", DefaultValueFactory = static _ => 32 };
        var seconds = new Option<int>("--seconds") { HelpName = "N", Description = "For how long.", DefaultValueFactory = static _ => 60 };
        var key = new Option<string?>("--key") { HelpName = "KEY", Description = "The API key, where the service wants one." };
        var quick = new Option<bool>("--quick") { Description = $"{QuickDuration.TotalSeconds:0} seconds." };
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Writes the figures there." };
        var command = new RootCommand("Puts the service under load: a third of the requests are streams that are left in the middle.") { url, model, clients, seconds, key, quick, json };
        command.SetAction(async (result, _) =>
        {
            TimeSpan duration = result.GetValue(quick) ? QuickDuration : TimeSpan.FromSeconds(Math.Max(1, result.GetValue(seconds)));
            await using WebApplication? own = result.GetValue(url) is null ? await StartAsync() : null;
            Uri address = result.GetValue(url) ?? new Uri(own!.Urls.First());
            LoadReport report = await LoadTest.RunAsync(new LoadOptions(address, result.GetValue(model)!, Math.Max(1, result.GetValue(clients)), duration, result.GetValue(key)));
            return Show(report, result.GetValue(model)!, Math.Max(1, result.GetValue(clients)), output, result.GetValue(json));
        });
        return command.Parse(arguments).InvokeAsync();
    }

    private static async Task<WebApplication> StartAsync()
    {
        WebApplication app = ServiceApplication.Create(["--Urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"]);
        await app.StartAsync();
        return app;
    }

    private static int Show(LoadReport report, string model, int clients, TextWriter output, string? json)
    {
        var rows = new BenchmarkReport();
        rows.Models["chat"] = model;
        void Add(string figure, double value, string unit) => rows.Rows.Add(new BenchmarkRow($"{figure}, {clients} clients", value, null, null, unit, null, null, "no peer"));
        Add("whole answers", report.Count(LoadOutcome.Whole), "requests");
        Add("left in the middle", report.Count(LoadOutcome.Left), "requests");
        Add("refused with Retry-After", report.Count(LoadOutcome.Refused), "requests");
        Add("broken", report.Count(LoadOutcome.Broken), "requests");
        Add("requests per second", report.Results.Count / report.Elapsed.TotalSeconds, "1/s");
        TimeSpan[] whole = [.. report.Results.Where(static result => result.Outcome == LoadOutcome.Whole).Select(static result => result.Elapsed)];
        Add("whole answer, p50", LoadReport.Percentile(whole, .5), "ms");
        Add("whole answer, p99", LoadReport.Percentile(whole, .99), "ms");
        Add("first text of a stream, p50", LoadReport.Percentile(report.Results.Select(static result => result.FirstText).OfType<TimeSpan>(), .5), "ms");
        Add("working set, second quarter", report.EarlyMemory, "MiB");
        Add("working set, last quarter", report.LateMemory, "MiB");
        rows.Write(output);
        foreach (string complaint in report.Complaints())
        {
            output.WriteLine(complaint);
        }

        if (json is not null)
        {
            rows.Save(json);
        }

        return report.Count(LoadOutcome.Broken) == 0 ? 0 : 1;
    }
}
