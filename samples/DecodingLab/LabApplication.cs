using System.Runtime.InteropServices;
using System.Text;
using DecodingLab.Calibration;
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
            await RunAsync(CreateConsole(), output, interrupted.Token);
            return ExitCodes.Success;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (LlamaException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitCodes.Failure;
        }
    }

    private async Task RunAsync(IAnsiConsole console, OutputFolder output, CancellationToken cancellationToken)
    {
        if (command is LabCommand.Explain explain)
        {
            new TraceExplainer(console, output).Run(explain);
            return;
        }

        await using Lab lab = await Progressing.RunAsync(
            console, "Loading the model", progress => Lab.LoadAsync(command.Options, new FloatProgress(progress), cancellationToken));
        switch (command)
        {
            case LabCommand.Tour tour: await new Tour(console, output, lab).RunAsync(tour.Chapter, cancellationToken); break;
            case LabCommand.Compare compare: await new Comparison(console, output, lab).RunAsync(compare.Left, compare.Right, cancellationToken); break;
            case LabCommand.Calibrate calibrate: await new CalibrationCommand(console, output, lab).RunAsync(calibrate.Questions, cancellationToken); break;
        }
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
