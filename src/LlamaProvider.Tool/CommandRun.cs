using LlamaProvider.Downloads;
using LlamaProvider.Tool.Models;
using LlamaProvider.Tool.Output;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.Tool;

/// <summary>One run of a command: the world, with what the command line says of it.</summary>
internal sealed class CommandRun(ToolContext context, bool asJson, ModelDownloadOptions downloads, ILoggerFactory? loggerFactory)
{
    public ToolContext Context => context;

    public Report Report { get; } = new(context, asJson);

    public ModelDownloadOptions Downloads => downloads;

    public ILoggerFactory? LoggerFactory => loggerFactory;

    public ModelLocator Models { get; } = new(downloads, context.BuiltInModels);

    /// <summary>Finds a model's file, with a bar when it has to be downloaded.</summary>
    public Task<string> LocateAsync(string model, CancellationToken cancellationToken) =>
        ProgressView.RunAsync(context.ErrorConsole, "Looking for the model", bar => Models.LocateAsync(model, bar, cancellationToken));

    /// <summary>Finds a model's file and loads it, with a bar.</summary>
    /// <param name="model">What the user wrote.</param>
    /// <param name="options">How; the path is set here.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    public async Task<LlamaEngine> LoadAsync(string model, LlamaEngineOptions options, CancellationToken cancellationToken)
    {
        options.ModelPath = await LocateAsync(model, cancellationToken);
        options.LoggerFactory = loggerFactory;
        return await ProgressView.RunAsync(context.ErrorConsole, "Loading the model", bar => LlamaEngine.LoadAsync(options, bar, cancellationToken));
    }
}
