using System.Text.Json;

namespace HostedService.Wire;

/// <summary>A tool that the model may call.</summary>
internal sealed class ToolDefinition
{
    public string? Type { get; set; }

    public FunctionDefinition? Function { get; set; }
}

/// <summary>A function.</summary>
internal sealed class FunctionDefinition
{
    public string? Name { get; set; }

    public string? Description { get; set; }

    /// <summary>The JSON schema of its arguments.</summary>
    public JsonElement? Parameters { get; set; }

    /// <summary>Whether arguments follow the schema. Here they always do.</summary>
    public bool? Strict { get; set; }
}
