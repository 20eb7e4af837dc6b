namespace AgentConsole.Tools;

/// <summary>Tools cannot be had. The message is for the user.</summary>
internal sealed class ToolException(string message, Exception? innerException = null) : Exception(message, innerException);
