namespace LlamaProvider.Tool;

/// <summary>What a command was asked for cannot be done. The message states the value, the rule and the remedy.</summary>
internal sealed class ToolException(string message) : Exception(message);
