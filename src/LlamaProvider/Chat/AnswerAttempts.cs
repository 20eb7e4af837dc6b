using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Strategies;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>The answers that one call has the model write, until one meets the schemas in what cannot be enforced. Most calls need one and check nothing.</summary>
internal sealed class AnswerAttempts
{
    private string? _last;

    /// <summary>Answers that did not meet them.</summary>
    public int Failed { get; private set; }

    /// <summary>What they took.</summary>
    public UsageDetails Usage { get; } = new();

    /// <summary>Whether an answer is the call's.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="contents">What it holds.</param>
    /// <param name="end">How it ended. One that was cut is the beginning of what was asked for, and not checked.</param>
    /// <exception cref="JsonSchemaNotMetException">It does not meet a schema, and was the last; or it is the same as the one before, as all that follow would be.</exception>
    public bool Accepts(Answer answer, IReadOnlyCollection<AIContent> contents, GenerationEnd end)
    {
        if (!answer.Checks.Any || end.Reason != GenerationEndReason.EndOfGeneration || answer.Checks.FindFault(contents) is not { } found)
        {
            return true;
        }

        if (Failed == answer.Checks.Retries || found.Text == _last)
        {
            throw new JsonSchemaNotMetException(found.Text, Failed + 1, found.Fault, found.Tool);
        }

        _last = found.Text;
        Failed++;
        Usage.Add(answer.Usage);
        return false;
    }
}
