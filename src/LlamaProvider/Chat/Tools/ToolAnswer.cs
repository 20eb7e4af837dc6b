using LlamaProvider.Chat.Messages;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Tools;

/// <summary>What tools mean for one request: its prompt, its constraint, and how its answer is read.</summary>
/// <param name="protocol">How the model is told of tools, and calls them.</param>
/// <param name="request">The tools.</param>
internal sealed class ToolAnswer(ToolProtocol protocol, ToolRequest request)
{
    /// <summary>Whether the format has a form for several calls in one answer.</summary>
    public bool CanCallSeveral => protocol.Format.Between is not null;

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
    /// <exception cref="OptionsConflictException">The answer's length is bounded too.</exception>
    public RequestedConstraint Constrain(ILanguageModel model, RequestedConstraint? final)
    {
        if (final?.Definition is ConditionsDefinition { Lengths: var lengths } && lengths != LengthOptions.None)
        {
            throw new OptionsConflictException(
                nameof(ChatOptions.Tools),
                LlamaOptionKeys.Lengths,
                $"{nameof(ChatOptions.Tools)} and {LlamaOptionKeys.Lengths} are set, but a call is no text whose words could be counted. Leave one unset; MaxOutputTokens bounds both.");
        }

        TextPart? part = final is null ? null : new TextPart.Constrained(WithoutCalls(final.Definition));
        return new RequestedConstraint(
            final is null ? nameof(ChatOptions.Tools) : $"{nameof(ChatOptions.Tools)} and {final.Option}",
            new CompositeDefinition(new ToolCallGrammar(protocol.Format, new Markup(model)).Answer(request, part)));
    }

    /// <summary>Free text that phrases are required in or forbidden does not contain what calls begin with.</summary>
    private ConstraintDefinition WithoutCalls(ConstraintDefinition final) => final is ConditionsDefinition { Base: null } conditions && protocol.Format.Trigger is { } trigger
        ? conditions with { Forbidden = conditions.Forbidden with { Phrases = conditions.Forbidden.Phrases.Add(trigger) } }
        : final;

    /// <summary>Parts the answer into text and calls.</summary>
    /// <param name="hasFinal">Whether there is something that an answer without calls must be.</param>
    public ToolCallSplitter CreateSplitter(bool hasFinal) => new(protocol.Format, request, hasFinal);
}
