using LlamaProvider.Chat.Messages;
using LlamaProvider.Chat.Tools;
using LlamaProvider.Decoding.Constraints.JsonSchema.Validation;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>What is checked of an answer when it is whole, because it cannot be enforced. Immutable.</summary>
/// <param name="Text">Checks the text; <see langword="null"/> when there is nothing to check.</param>
/// <param name="Calls">Check the arguments of calls, by <see cref="ToolDeclaration.Owner"/>.</param>
/// <param name="Retries">How often an answer may be written again.</param>
internal sealed record AnswerChecks(AnswerCheck? Text, IReadOnlyDictionary<string, AnswerCheck> Calls, int Retries)
{
    public const int DefaultRetries = 2;

    /// <summary>Whether anything is checked. Such an answer is not shown before it is whole.</summary>
    public bool Any => Text is not null || Calls.Count > 0;

    /// <summary>What is wrong with an answer; <see langword="null"/> when nothing is.</summary>
    /// <param name="contents">The whole answer.</param>
    public AnswerFault? FindFault(IReadOnlyCollection<AIContent> contents)
    {
        FunctionCallContent[] calls = [.. contents.OfType<FunctionCallContent>()];
        if (calls.Length > 0)
        {
            return calls.Select(FindFault).FirstOrDefault(static fault => fault is not null);
        }

        string text = string.Concat(contents.OfType<TextContent>().Select(static content => content.Text));
        return Text?.FindFault(text) is { } found ? new AnswerFault(text, found, Tool: null) : null;
    }

    private AnswerFault? FindFault(FunctionCallContent call)
    {
        string owner = ToolDeclaration.OwnerOf(call.Name);
        if (!Calls.TryGetValue(owner, out AnswerCheck? check))
        {
            return null;
        }

        string arguments = ContentJson.Write(call.Arguments!);
        return check.FindFault(arguments) is { } fault ? new AnswerFault(arguments, fault, owner) : null;
    }
}

/// <summary>Why an answer is not what was asked for.</summary>
/// <param name="Text">The answer, or the arguments of its call.</param>
/// <param name="Fault">What they break.</param>
/// <param name="Tool">The owner of the arguments; <see langword="null"/> for an answer's text.</param>
internal sealed record AnswerFault(string Text, SchemaFault Fault, string? Tool);
