using System.Runtime.InteropServices;
using System.Text;
using DecodingLab.Calibration;
using DecodingLab.Chapters;
using DecodingLab.Compare;
using DecodingLab.Terminal;
using DecodingLab.Traces;
using LlamaProvider.Decoding;
using Spectre.Console;

namespace DecodingLab;

/// <summary>The program: runs a command and says how it went as an exit code.</summary>
internal sealed class LabApplication(LabCommand command)
{
    public async Task<int> RunAsync()
    {
        UseUtf8();
        using var interrupted = new CancellationTokenSource();
        using PosixSignalRegistration signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            _ = interrupted.CancelAsync();
        });
        try
        {
            OutputFolder output = OutputFolder.Open(command.Options.Output);
            return await RunAsync(CreateConsole(), output, interrupted.Token) ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception error)
        {
            await Console.Error.WriteLineAsync(error is LlamaException ? error.Message : $"Unexpected {error.GetType().Name}: {error.Message}");
            return ExitCodes.Failure;
        }
    }

    /// <returns>Whether all that was asked for could be done.</returns>
    private async Task<bool> RunAsync(IAnsiConsole console, OutputFolder output, CancellationToken cancellationToken)
    {
        if (command is LabCommand.Explain explain)
        {
            new TraceExplainer(console, output).Run(explain);
            return true;
        }

        await using Lab lab = await Progressing.RunAsync(
            console, "Loading the model", progress => Lab.LoadAsync(command.Options, new FloatProgress(progress), cancellationToken));
        switch (command)
        {
            case LabCommand.Tour tour:
                return await new Tour(console, output, lab).RunAsync([.. ChapterList.All.Where(chapter => tour.Chapter is null || chapter.Name == tour.Chapter)], cancellationToken);
            case LabCommand.Compare compare: await new Comparison(console, output, lab).RunAsync(compare.Left, compare.Right, cancellationToken); break;
            case LabCommand.Calibrate calibrate: await new CalibrationCommand(console, output, lab).RunAsync(calibrate.Questions, cancellationToken); break;
        }

        return true;
    }

    private static IAnsiConsole CreateConsole() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        // Said, not detected: build servers make Spectre.Console believe in colours, and logs sent to a file make it doubt the terminal.
        Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        Interactive = Console.IsOutputRedirected ? InteractionSupport.No : InteractionSupport.Detect,
    });

    private static void UseUtf8()
    {
        // Elsewhere it is the default; the code pages of Windows lack most letters of the world.
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
    }

    private sealed class FloatProgress(IProgress<double> progress) : IProgress<float>
    {
        public void Report(float value) => progress.Report(value);
    }
}
