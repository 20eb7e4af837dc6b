using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;

namespace AgentConsole.Tools;

/// <summary>A server of the Model Context Protocol, run as a child process, and its tools.</summary>
internal sealed class McpTools : IAsyncDisposable
{
    private readonly McpClient _client;

    private McpTools(McpClient client, IReadOnlyList<AIFunction> functions)
    {
        _client = client;
        Functions = functions;
    }

    public IReadOnlyList<AIFunction> Functions { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="command">Its command line; arguments with spaces are in quotes.</param>
    /// <param name="loggerFactory">Receives what it writes to its standard error.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ToolException">It does not start, or does not speak the protocol.</exception>
    public static async Task<McpTools> StartAsync(string command, ILoggerFactory? loggerFactory, CancellationToken cancellationToken)
    {
        string[] parts = [.. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(command)];
        if (parts.Length == 0)
        {
            throw new ToolException("--mcp is empty, but must be the command line of a server, such as 'npx -y some-server'.");
        }

        try
        {
            var transport = new StdioClientTransport(new StdioClientTransportOptions { Command = parts[0], Arguments = parts[1..], Name = parts[0] }, loggerFactory);
            McpClient client = await McpClient.CreateAsync(transport, loggerFactory: loggerFactory, cancellationToken: cancellationToken);
            IList<McpClientTool> tools = await client.ListToolsAsync(cancellationToken: cancellationToken);
            return new McpTools(client, [.. tools]);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new ToolException($"The MCP server '{command}' cannot be used: {error.Message} Check the command by running it, or leave --mcp out.", error);
        }
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
