using System.Diagnostics;

namespace AgentConsole.Tests;

/// <summary>The built program, started as users start it, but for the terminal.</summary>
internal sealed class AgentConsoleProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _error;

    private AgentConsoleProcess(string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "AgentConsole.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

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

    public async Task<ProcessResult> EndAsync()
    {
        string output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await _process.WaitForExitAsync().WaitAsync(Patience);
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
