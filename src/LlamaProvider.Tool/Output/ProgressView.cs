using LlamaProvider.Downloads;
using LlamaProvider.Models.Quantization;
using LlamaProvider.Perplexity;
using Spectre.Console;

namespace LlamaProvider.Tool.Output;

/// <summary>Shows how far work is on standard error, where a bar can be drawn, so that standard output has the result alone.</summary>
internal static class ProgressView
{
    public static async Task<T> RunAsync<T>(IAnsiConsole console, string description, Func<ProgressBar, Task<T>> work)
    {
        if (!console.Profile.Capabilities.Ansi)
        {
            return await work(new ProgressBar(null));
        }

        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(context => work(new ProgressBar(context.AddTask(Markup.Escape(description), maxValue: 1))));
    }
}

/// <summary>Moves a bar in the caller's thread: <see cref="Progress{T}"/> would deliver reports late and out of order.</summary>
internal sealed class ProgressBar(ProgressTask? task) : IProgress<float>, IProgress<ModelDownloadProgress>, IProgress<QuantizationProgress>, IProgress<PerplexityProgress>
{
    public void Describe(string description)
    {
        if (task is not null)
        {
            task.Description = Markup.Escape(TerminalText.Clean(description));
        }
    }

    public void Report(float value)
    {
        if (task is not null)
        {
            task.Value = value;
        }
    }

    public void Report(ModelDownloadProgress value)
    {
        Describe($"Downloading {value.File}{(value.Files > 1 ? $" ({value.Number} of {value.Files})" : "")}");
        Report(value.TotalBytes is > 0 and long total ? (float)((double)value.ReceivedBytes / total) : 0);
    }

    public void Report(QuantizationProgress value)
    {
        Describe(value.Tensor);
        Report(value.Share);
    }

    public void Report(PerplexityProgress value)
    {
        Describe($"Perplexity so far {Units.Number(value.Perplexity, "0.000")}");
        Report((float)value.Done / value.Count);
    }
}
