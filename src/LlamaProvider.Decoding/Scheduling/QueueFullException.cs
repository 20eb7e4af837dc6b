namespace LlamaProvider.Decoding.Scheduling;

/// <summary>The engine has as many requests as it is allowed to hold. Try again later, or send fewer at once.</summary>
public sealed class QueueFullException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="length">Requests that the engine holds.</param>
    /// <param name="limit">Requests that it may hold.</param>
    public QueueFullException(int length, int limit)
        : base($"The engine holds {length} requests and may hold {limit}. Try again when some have ended, or raise the queue limit.")
    {
        Length = length;
        Limit = limit;
    }

    /// <summary>Requests that the engine holds, running and waiting.</summary>
    public int Length { get; }

    /// <summary>Requests that it may hold.</summary>
    public int Limit { get; }
}
