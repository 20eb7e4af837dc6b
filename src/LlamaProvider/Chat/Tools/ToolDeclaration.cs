using System.Text.Json;

namespace LlamaProvider.Chat.Tools;

/// <summary>A tool that an answer may call.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What it does; empty when nothing is said.</param>
/// <param name="Parameters">The JSON schema of its arguments.</param>
internal sealed record ToolDeclaration(string Name, string Description, JsonElement Parameters)
{
    /// <summary>How errors call it.</summary>
    public string Owner => OwnerOf(Name);

    /// <summary>How errors call the tool of a name.</summary>
    public static string OwnerOf(string name) => $"Tool '{name}'";
}

/// <summary>The tools of a request, and what may be done with them.</summary>
/// <param name="Tools">At least one.</param>
/// <param name="IsRequired">Whether the answer must be calls.</param>
/// <param name="AllowsSeveral">Whether there may be more than one call.</param>
internal sealed record ToolRequest(IReadOnlyList<ToolDeclaration> Tools, bool IsRequired, bool AllowsSeveral);
