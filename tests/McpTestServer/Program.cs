using ModelContextProtocol.Server;

var options = new McpServerOptions
{
    ServerInfo = new() { Name = "test", Version = "1" },
    ToolCollection = [McpServerTool.Create((string city) => $"Rain in {city}.", new() { Name = "get_weather", Description = "Gets the current weather of a city." })],
};
await using var server = McpServer.Create(new StdioServerTransport(options), options);
await server.RunAsync();
