namespace LlamaProvider.Decoding.Strategies;

/// <summary>A value of a search is out of its range.</summary>
public sealed class InvalidSearchException : LlamaException
{
    internal InvalidSearchException(string option, string message)
        : base(message) => Option = option;

    /// <summary>The value's name.</summary>
    public string Option { get; }
}
