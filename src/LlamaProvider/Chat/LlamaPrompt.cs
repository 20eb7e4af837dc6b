using LlamaProvider.Templates;

namespace LlamaProvider.Chat;

/// <summary>A prompt as the model sees it.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class LlamaPrompt
{
    internal LlamaPrompt(RenderedPrompt rendered, IReadOnlyList<int> tokens, int omittedMessages) =>
        (Text, ContentRanges, Tokens, OmittedMessages) = (rendered.Text, rendered.ContentRanges, tokens, omittedMessages);

    /// <summary>What the chat template made of the conversation.</summary>
    public string Text { get; }

    /// <summary>The parts of <see cref="Text"/> that come from the conversation and not from the template: no control token is looked for there.</summary>
    public IReadOnlyList<ContentRange> ContentRanges { get; }

    /// <summary>The tokens that are evaluated, with the beginning-of-text token where the model has one.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>Messages that were left out, because the context is too short for them and the options ask for that.</summary>
    public int OmittedMessages { get; }

    /// <summary><see cref="Text"/>.</summary>
    public override string ToString() => Text;
}
