namespace LlamaProvider.Templates;

/// <summary>
/// What a chat template made of a conversation: the text, and which of its characters are content.
/// </summary>
/// <remarks>
/// Immutable and thread-safe. A tokenizer looks for control tokens only outside <see cref="ContentRanges"/>, so that a message cannot forge
/// a turn. Where a transformation cannot say where a character came from, the character counts as content.
/// </remarks>
public sealed class RenderedPrompt
{
    internal RenderedPrompt(string text, IReadOnlyList<ContentRange> contentRanges)
    {
        Text = text;
        ContentRanges = contentRanges;
    }

    /// <summary>The prompt, as the template wrote it.</summary>
    public string Text { get; }

    /// <summary>The ranges of <see cref="Text"/> that are content: sorted, not empty, neither overlapping nor touching.</summary>
    public IReadOnlyList<ContentRange> ContentRanges { get; }
}
