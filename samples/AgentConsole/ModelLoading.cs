using Spectre.Console;

namespace AgentConsole;

/// <summary>Shows how far a model is loaded, where a bar can be drawn.</summary>
internal static class ModelLoading
{
    public static async Task<T> ShowAsync<T>(IAnsiConsole console, Func<IProgress<float>?, Task<T>> load) => !console.Profile.Capabilities.Ansi
        ? await load(null)
        : await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(context => load(new Bar(context.AddTask("Loading the model", maxValue: 1))));

    /// <summary>Moves a bar in the caller's thread: <see cref="Progress{T}"/> would deliver reports late and out of order.</summary>
    private sealed class Bar(ProgressTask task) : IProgress<float>
    {
        public void Report(float value) => task.Value = value;
    }
}
