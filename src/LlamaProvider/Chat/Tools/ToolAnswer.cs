using LlamaProvider.Chat.Messages;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Model;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Tools;

/// <summary>What tools mean for one request: its prompt, its constraint, and how its answer is read.</summary>
/// <param name="protocol">How the model is told of tools, and calls them.</param>
/// <param name="request">The tools.</param>
internal sealed class ToolAnswer(ToolProtocol protocol, ToolRequest request)
{
    /// <summary>The prompt with the tools in it.</summary>
    public PromptRequest In(PromptRequest prompt) => protocol.IsDescribedByTemplate ? prompt : prompt with
    {
        Tools = [],
        ToolText = protocol.Describe(request),
        ToolNotation = new ToolCallWriter(protocol.Format),
    };

    /// <summary>What the answer must be.</summary>
    /// <param name="model">Has the control tokens.</param>
    /// <param name="final">What an answer without calls must be; <see langword="null"/> for any text.</param>
    public RequestedConstraint Constrain(ILanguageModel model, RequestedConstraint? final)
    {
        TextPart? part = final is null ? null : new TextPart.Constrained(final.Definition);
        return new RequestedConstraint(
            final is null ? nameof(ChatOptions.Tools) : $"{nameof(ChatOptions.Tools)} and {final.Option}",
            new CompositeDefinition(new ToolCallGrammar(protocol.Format, new Markup(model)).Answer(request, part)));
    }

    /// <summary>Parts the answer into text and calls.</summary>
    public ToolCallSplitter CreateSplitter() => new(protocol.Format, request);
}
