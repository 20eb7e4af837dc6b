using LlamaProvider.Decoding;

namespace LlamaProvider.Chat.Messages;

/// <summary>A message of the conversation cannot become a part of the prompt; nothing was generated.</summary>
public sealed class ChatMessageException : LlamaException
{
    internal ChatMessageException(int messageIndex, int? contentIndex, string message, string? pointer = null, Exception? innerException = null)
        : base(message, innerException) => (MessageIndex, ContentIndex, Pointer) = (messageIndex, contentIndex, pointer);

    /// <summary>The message's place in the conversation, from 0.</summary>
    public int MessageIndex { get; }

    /// <summary>The content's place in the message, from 0; <see langword="null"/> where the message as a whole is meant.</summary>
    public int? ContentIndex { get; }

    /// <summary>The JSON pointer of the argument that is not JSON; <see langword="null"/> for other errors.</summary>
    public string? Pointer { get; }
}
