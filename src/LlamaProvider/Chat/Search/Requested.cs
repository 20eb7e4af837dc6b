namespace LlamaProvider.Chat.Search;

/// <summary>Something that a request asks for.</summary>
/// <param name="Option">The option that asks for it, as errors name it.</param>
/// <param name="Options">What it says, checked.</param>
internal sealed record Requested<T>(string Option, T Options);
