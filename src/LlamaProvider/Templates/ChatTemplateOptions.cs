namespace LlamaProvider.Templates;

/// <summary>
/// The bounds of a chat template. A template comes with a model file, which is untrusted input: whatever it does ends soon, in bounded
/// memory, with a result or a <see cref="ChatTemplateException"/> that names the bound.
/// </summary>
/// <remarks>Immutable once built, therefore thread-safe. <see cref="ChatTemplate.Compile"/> checks the ranges.</remarks>
public sealed class ChatTemplateOptions
{
    /// <summary>The longest source accepted, in UTF-16 code units. Default 1,048,576; at least 1.</summary>
    public int MaxSourceLength { get; init; } = 1 << 20;

    /// <summary>
    /// How deep blocks, expressions and chains of filters, calls and subscripts may nest in the source. Default 100, where published templates
    /// need up to 23; from 1 to 200.
    /// </summary>
    public int MaxNesting { get; init; } = 100;

    /// <summary>How many macro calls and recursive loops may be open at once. Default 100; from 1 to 1,000.</summary>
    public int MaxCallDepth { get; init; } = 100;

    /// <summary>
    /// How deep lists and mappings may nest when they are converted, written or compared. Default 100; from 1 to 500.
    /// </summary>
    public int MaxValueDepth { get; init; } = 100;

    /// <summary>
    /// The work of one rendering, in steps. A step is an operation, a loop's iteration, an element read or made, or 8 characters read or
    /// written. Default 20,000,000 (about a second); at least 1.
    /// </summary>
    public long MaxSteps { get; init; } = 20_000_000;

    /// <summary>
    /// The longest prompt, and the longest string on the way to it, in UTF-16 code units. Default 16,777,216; at least 1.
    /// </summary>
    public int MaxTextLength { get; init; } = 1 << 24;

    /// <summary>The most numbers that <c>range()</c> may hold. Default 100,000, which is Jinja2's own; at least 1.</summary>
    public int MaxRangeLength { get; init; } = 100_000;

    internal ChatTemplateOptions Validated()
    {
        Check(MaxSourceLength, int.MaxValue, nameof(MaxSourceLength));
        Check(MaxNesting, 200, nameof(MaxNesting));
        Check(MaxCallDepth, 1_000, nameof(MaxCallDepth));
        Check(MaxValueDepth, 500, nameof(MaxValueDepth));
        Check(MaxSteps, long.MaxValue, nameof(MaxSteps));
        Check(MaxTextLength, int.MaxValue, nameof(MaxTextLength));
        Check(MaxRangeLength, int.MaxValue, nameof(MaxRangeLength));
        return this;
    }

    private static void Check(long value, long maximum, string name)
    {
        if (value < 1 || value > maximum)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be from 1 to {maximum}.");
        }
    }
}
