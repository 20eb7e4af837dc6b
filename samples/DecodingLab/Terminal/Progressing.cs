using Spectre.Console;

namespace DecodingLab.Terminal;

/// <summary>Shows how far work is, where a bar can be drawn. The bar goes when the work is done.</summary>
internal static class Progressing
{
    public static async Task<T> RunAsync<T>(IAnsiConsole console, string title, Func<IProgress<double>, Task<T>> work) => !console.Profile.Capabilities.Ansi
        ? await work(new Nothing())
        : await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(context => work(new Bar(context.AddTask(Markup.Escape(title), maxValue: 1))));

    /// <summary>Moves a bar in the caller's thread: <see cref="Progress{T}"/> would deliver reports late and out of order.</summary>
    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }

    private sealed class Nothing : IProgress<double>
    {
        public void Report(double value)
        {
        }
    }
}
