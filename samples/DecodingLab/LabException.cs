using LlamaProvider.Decoding;

namespace DecodingLab;

/// <summary>The lab cannot do what it was asked for. The message is for the user.</summary>
internal sealed class LabException(string message, Exception? inner = null) : LlamaException(message, inner);
