namespace LlamaProvider.Templates;

/// <summary>
/// A half-open range of UTF-16 positions of a rendered prompt whose characters came from message content (a message, a tool description,
/// an argument …) and not from the model's template.
/// </summary>
/// <param name="Start">The first position, 0 or greater.</param>
/// <param name="End">The position behind the last one, greater than <paramref name="Start"/>.</param>
public readonly record struct ContentRange(int Start, int End)
{
    /// <summary>The number of UTF-16 code units, 1 or greater in a <see cref="RenderedPrompt"/>.</summary>
    public int Length => End - Start;
}
