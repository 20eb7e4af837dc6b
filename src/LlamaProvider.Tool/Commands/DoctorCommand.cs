using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using LlamaProvider.Tool.Diagnosis;
using LlamaProvider.Tool.Output;

namespace LlamaProvider.Tool.Commands;

/// <summary><c>doctor</c>: whether models can run here, and what to do where something is missing.</summary>
internal sealed class DoctorCommand(ToolContext context, SharedOptions shared) : ToolCommand(context, shared)
{
    public override Command Create()
    {
        var command = new Command("doctor", "Says whether models can run here: llama.cpp, devices, processor, memory, cache. Exits with 1 where something does not work.") { Shared.Json };
        OnRun(command, static (_, run) => Task.FromResult(Examine(run)));
        return command;
    }

    private static int Examine(CommandRun run)
    {
        MachineReport machine = run.Context.Machine.Probe();
        NativeReport native = run.Context.Native.Probe();
        IReadOnlyList<CacheReport> caches = CacheProbe.Probe(run.Downloads);
        IReadOnlyList<Check> checks = Checkup.Judge(machine, native, caches, run.Context.HasHubKey);
        var diagnosis = new Diagnosed(Version, RuntimeInformation.FrameworkDescription, machine, native, caches, checks);
        run.Report.Show(diagnosis, report => Show(report, diagnosis));
        return checks.Any(static check => check.Status == Check.Problem) ? ExitCodes.Failure : ExitCodes.Success;
    }

    private static void Show(Report report, Diagnosed diagnosis)
    {
        report.Line($"llama-provider {diagnosis.Version}, {diagnosis.Runtime}, {diagnosis.Machine.System} ({diagnosis.Machine.Architecture})");
        report.Facts(diagnosis.Checks.SelectMany(static check => new (string, string?)[]
        {
            ($"{check.Name}: {check.Status}", check.Detail),
            ("", check.Remedy),
        }));
    }

    private static string Version => typeof(DoctorCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private sealed record Diagnosed(string Version, string Runtime, MachineReport Machine, NativeReport LlamaCpp, IReadOnlyList<CacheReport> Cache, IReadOnlyList<Check> Checks);
}
