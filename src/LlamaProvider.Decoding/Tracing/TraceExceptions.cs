namespace LlamaProvider.Decoding.Tracing;

/// <summary>A text is no trace that this version reads.</summary>
public sealed class InvalidTraceException : LlamaException
{
    internal InvalidTraceException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Something was asked of a trace that was not captured.</summary>
public sealed class TraceNotCapturedException : LlamaException
{
    internal TraceNotCapturedException(string message)
        : base(message)
    {
    }
}
