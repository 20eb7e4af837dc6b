using System.CommandLine;
using HostedService;
using LlamaProvider.Models.Info;
using LlamaProvider.Tool.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LlamaProvider.Tool.Commands;

/// <summary><c>serve</c>: runs samples/HostedService, which speaks OpenAI's API, with one model.</summary>
internal sealed class ServeCommand(ToolContext context, SharedOptions shared) : ToolCommand(context, shared)
{
    public override Command Create()
    {
        Argument<string> model = RunnableModel();
        var name = new Option<string>("--name") { HelpName = "NAME", Description = "The model's name in requests. Default: the file's name without its ending." };
        var host = new Option<string>("--host") { HelpName = "NAME", Description = "The name or address to listen at. Default: localhost. Callers of other machines need --api-key, too." };
        var port = NumberOption.Create<int>("--port", "N", "The port; 0 takes a free one. Default: 8080.", "a whole number from 0 to 65535", static n => n is >= 0 and <= 65535);
        var keys = new Option<string[]>("--api-key") { HelpName = "KEY", Description = "A key that callers must present, 16 characters or more. May be given several times." };
        Option<int?> contextLength = SharedOptions.Context();
        var sequences = NumberOption.Create<int>("--sequences", "N", "Requests evaluated at once; others wait. Default: 16.", "a whole number from 1 to 256", static n => n is >= 1 and <= 256);
        Option<int?> threads = SharedOptions.Threads();
        var command = new Command("serve", "Serves a model by OpenAI's API, with a chat page, until Ctrl+C.") { model, name, host, port, keys, contextLength, sequences, threads };
        OnRun(command, async (result, run, cancellationToken) => await ServeAsync(
            run,
            new ServiceSettings
            {
                ModelPath = await run.LocateAsync(result.GetRequiredValue(model), cancellationToken),
                Name = result.GetValue(name),
                Host = result.GetValue(host) ?? "localhost",
                Port = result.GetValue(port) ?? 8080,
                ApiKeys = result.GetValue(keys) ?? [],
                ContextLength = result.GetValue(contextLength),
                Sequences = result.GetValue(sequences),
                Threads = result.GetValue(threads),
                Verbose = result.GetValue(Shared.Verbose),
            },
            cancellationToken));
        return command;
    }

    private static async Task ServeAsync(CommandRun run, ServiceSettings settings, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string?> configuration = settings.ToConfiguration(LlamaModelInfo.Read(settings.ModelPath).Pooling);
        try
        {
            await using WebApplication app = ServiceApplication.Create([], builder =>
            {
                // The sample's own settings name its own model.
                builder.Configuration.Sources.Clear();
                builder.Configuration.AddInMemoryCollection(configuration);
                builder.WebHost.UseUrls(settings.Url);
            });
            await app.StartAsync(cancellationToken);
            run.Report.Line($"{settings.ModelName} is served at {app.Urls.First()} (chat page, /v1/chat/completions and others); Ctrl+C ends it.");
            await run.Context.Output.FlushAsync(cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
        }
        catch (Exception error) when (error is OptionsValidationException or AggregateException or InvalidOperationException)
        {
            throw new ToolException(string.Join(Environment.NewLine, StartErrors.Describe(error)));
        }
    }
}
