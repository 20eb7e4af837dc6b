using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentConsole.Tools;

/// <summary>The tools that the command line asks for, and whether a call of one waits for the user's approval.</summary>
internal sealed class ToolSet : IAsyncDisposable
{
    private readonly List<McpTools> _servers = [];
    private readonly HashSet<string> _foreign = new(StringComparer.Ordinal);
    private readonly List<AIFunction> _functions = [];

    private ToolSet(ApprovalRule rule) => Rule = rule;

    public static IReadOnlyList<string> Names { get; } = ["time", "calculator", "files"];

    public IReadOnlyList<AIFunction> Functions => _functions;

    private ApprovalRule Rule { get; }

    /// <summary>Makes the tools, and starts the servers.</summary>
    /// <exception cref="ToolException">One cannot be had.</exception>
    public static async Task<ToolSet> CreateAsync(ConsoleOptions options, TimeProvider time, ILoggerFactory? loggerFactory, CancellationToken cancellationToken)
    {
        var tools = new ToolSet(options.Approval);
        try
        {
            tools._functions.AddRange(options.Tools.Distinct(StringComparer.Ordinal).SelectMany(name => BuiltIn(name, options.Folder, time)));
            foreach (string command in options.McpCommands)
            {
                McpTools server = await McpTools.StartAsync(command, loggerFactory, cancellationToken);
                tools._servers.Add(server);
                tools._functions.AddRange(server.Functions);
                tools._foreign.UnionWith(server.Functions.Select(static function => function.Name));
            }

            return tools;
        }
        catch
        {
            await tools.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a call waits for the user's approval.</summary>
    public bool NeedsApproval(string tool) => Rule switch
    {
        ApprovalRule.All => true,
        ApprovalRule.Mcp => _foreign.Contains(tool),
        _ => false,
    };

    public async ValueTask DisposeAsync()
    {
        foreach (McpTools server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private static IEnumerable<AIFunction> BuiltIn(string name, string folder, TimeProvider time) => name switch
    {
        "time" => [new ClockTool(time).ToFunction()],
        "calculator" => CalculatorTool.ToFunctions(),
        _ when Directory.Exists(folder) => new FileTools(folder).ToFunctions(),
        _ => throw new ToolException($"--folder is '{folder}', but there is no such folder. Name one that exists, or leave 'files' out of --tools."),
    };
}

/// <summary>Which calls wait for the user's approval.</summary>
internal enum ApprovalRule
{
    /// <summary>Those of MCP servers: what this program's own tools do is known, they only read.</summary>
    Mcp,

    /// <summary>All.</summary>
    All,

    /// <summary>None.</summary>
    None,
}
