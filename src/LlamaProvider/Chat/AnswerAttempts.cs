using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.JsonSchema.Validation;
using LlamaProvider.Decoding.Strategies;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>The answers that one call has the model write, until one meets the schema in what cannot be enforced. Most calls need one and check nothing.</summary>
internal sealed class AnswerAttempts
{
    private const int DefaultRetries = 2;

    private string? _last;

    /// <summary>Answers that did not meet it.</summary>
    public int Failed { get; private set; }

    /// <summary>What they took.</summary>
    public UsageDetails Usage { get; } = new();

    /// <summary>Whether an answer is the call's.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="contents">What it holds.</param>
    /// <param name="end">How it ended. One that was cut is the beginning of what was asked for, and not checked.</param>
    /// <exception cref="JsonSchemaNotMetException">It does not meet the schema, and was the last; or it is the same as the one before, as all that follow would be.</exception>
    public bool Accepts(Answer answer, IEnumerable<AIContent> contents, GenerationEnd end)
    {
        if (answer.Check is not { } check || end.Reason != GenerationEndReason.EndOfGeneration || answer.Reader.HasCalls)
        {
            return true;
        }

        string text = string.Concat(contents.OfType<TextContent>().Select(static content => content.Text));
        if (check.FindFault(text) is not SchemaFault fault)
        {
            return true;
        }

        if (Failed == (answer.Retries ?? DefaultRetries) || text == _last)
        {
            throw new JsonSchemaNotMetException(text, Failed + 1, fault);
        }

        _last = text;
        Failed++;
        Usage.Add(answer.Usage);
        return false;
    }
}
