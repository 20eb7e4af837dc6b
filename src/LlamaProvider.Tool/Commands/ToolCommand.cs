using System.CommandLine;
using LlamaProvider.Decoding;
using LlamaProvider.Downloads;
using LlamaProvider.Tool.Models;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.Tool.Commands;

/// <summary>A command of the program: its part of the command line, and what it does.</summary>
internal abstract class ToolCommand(ToolContext context, SharedOptions shared)
{
    protected SharedOptions Shared => shared;

    public abstract Command Create();

    /// <summary>An argument for a model, completed with the names that the cache has.</summary>
    protected Argument<string> ModelArgument(string description)
    {
        var argument = new Argument<string>("model") { Description = description };
        argument.CompletionSources.Add(completion => LlamaModels.ListCached(DownloadsOf(completion.ParseResult)).Select(static model => model.Name));
        return argument;
    }

    protected Argument<string> RunnableModel() => ModelArgument($"The model: {ModelLocator.Accepted}.");

    /// <summary>Says what the command does, so that Ctrl+C cancels it and errors become one line and an exit code.</summary>
    protected void OnRun(Command command, Func<ParseResult, CommandRun, CancellationToken, Task> run) =>
        command.SetAction((result, _) => InvokeAsync(result, commandRun => context.Interrupts.RunAsync(async token =>
        {
            await run(result, commandRun, token);
            return ExitCodes.Success;
        })));

    /// <summary>The same for a command that says itself what Ctrl+C cancels, and how it ended.</summary>
    protected void OnRun(Command command, Func<ParseResult, CommandRun, Task<int>> run) =>
        command.SetAction((result, _) => InvokeAsync(result, commandRun => run(result, commandRun)));

    private async Task<int> InvokeAsync(ParseResult result, Func<CommandRun, Task<int>> run)
    {
        bool verbose = result.GetValue(shared.Verbose);
        using ILoggerFactory? loggerFactory = verbose ? context.CreateLoggerFactory() : null;
        try
        {
            ModelDownloadOptions downloads = DownloadsOf(result);
            downloads.LoggerFactory = loggerFactory;
            return await run(new CommandRun(context, result.GetValue(shared.Json), downloads, loggerFactory));
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception error)
        {
            string message = error is LlamaException or ToolException or IOException or UnauthorizedAccessException ? error.Message : $"Unexpected {error.GetType().Name}: {error.Message} --verbose shows where.";
            await context.Error.WriteLineAsync(verbose ? error.ToString() : message);
            return ExitCodes.Failure;
        }
    }

    private ModelDownloadOptions DownloadsOf(ParseResult result)
    {
        ModelDownloadOptions options = context.CreateDownloadOptions();
        options.CacheFolder = result.GetValue(shared.Cache) ?? options.CacheFolder;
        options.Offline = result.GetValue(shared.Offline) ? true : options.Offline;
        return options;
    }
}
