namespace LlamaProvider.Decoding.Tracing;

/// <summary>A token by number and text.</summary>
/// <param name="Id">The token.</param>
/// <param name="Text">Its bytes as text: a control token by its name, bytes that are no whole character as U+FFFD.</param>
public readonly record struct TraceToken(int Id, string Text);
