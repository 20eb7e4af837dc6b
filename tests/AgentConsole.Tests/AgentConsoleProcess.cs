using System.Diagnostics;

namespace AgentConsole.Tests;

/// <summary>The built program, started as users start it, but for the terminal.</summary>
internal sealed class AgentConsoleProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _error;

    private AgentConsoleProcess(string[] arguments)
        : this(Dotnet, [Path.Combine(AppContext.BaseDirectory, "AgentConsole.dll"), .. arguments])
    {
    }

    private AgentConsoleProcess(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("MSBuildSDKsPath");
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The runtime's own program.</summary>
    public static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public int Id => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    public static AgentConsoleProcess Start(params string[] arguments)
    {
        var process = new AgentConsoleProcess(arguments);
        process._process.StandardInput.Close();
        return process;
    }

    public static async Task<ProcessResult> RunAsync(string? input, params string[] arguments)
    {
        using var process = new AgentConsoleProcess(arguments);
        await process._process.StandardInput.WriteAsync(input);
        process._process.StandardInput.Close();
        return await process.EndAsync();
    }

    /// <summary>Runs another program, for as long as it takes.</summary>
    public static async Task<ProcessResult> RunProgramAsync(string program, params string[] arguments)
    {
        using var process = new AgentConsoleProcess(program, arguments);
        process._process.StandardInput.Close();
        return await process.EndAsync(Timeout.InfiniteTimeSpan);
    }

    public Task<ProcessResult> EndAsync() => EndAsync(Patience);

    private async Task<ProcessResult> EndAsync(TimeSpan patience)
    {
        string output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(patience);
        await _process.WaitForExitAsync().WaitAsync(patience);
        return new ProcessResult(_process.ExitCode, output.ReplaceLineEndings("\n"), (await _error).ReplaceLineEndings("\n"));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}

/// <summary>How a run of the program ended.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error);
