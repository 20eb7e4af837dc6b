using LlamaProvider;
using LlamaProvider.Downloads;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace AgentConsole;

/// <summary>Gets a model, and shows how far it is where a bar can be drawn.</summary>
internal static class ModelLoading
{
    /// <summary>Downloads the model if it is no file of this machine, and loads it.</summary>
    public static async Task<LlamaEngine> LoadAsync(ConsoleOptions options, ILoggerFactory? loggerFactory, Bar? bar, CancellationToken cancellationToken)
    {
        string path = await LlamaModels.LocateAsync(options.ModelPath, new ModelDownloadOptions { LoggerFactory = loggerFactory }, bar, cancellationToken);
        bar?.Describe(Loading);
        return await LlamaEngine.LoadAsync((options with { ModelPath = path }).ToEngineOptions(loggerFactory), bar, cancellationToken);
    }

    private const string Loading = "Loading the model";

    public static async Task<T> ShowAsync<T>(IAnsiConsole console, Func<Bar?, Task<T>> load) => !console.Profile.Capabilities.Ansi
        ? await load(null)
        : await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(context => load(new Bar(context.AddTask(Loading, maxValue: 1))));

    /// <summary>Moves a bar in the caller's thread: <see cref="Progress{T}"/> would deliver reports late and out of order.</summary>
    internal sealed class Bar(ProgressTask task) : IProgress<float>, IProgress<ModelDownloadProgress>
    {
        public void Describe(string description) => task.Description = description;

        public void Report(float value) => task.Value = value;

        public void Report(ModelDownloadProgress value)
        {
            string place = value.Files > 1 ? $" ({value.Number} of {value.Files})" : "";
            Describe($"Downloading {Markup.Escape(value.File)}{place}");
            task.Value = value.TotalBytes is > 0 and long total ? (double)value.ReceivedBytes / total : 0;
        }
    }
}
