using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Options;

namespace LlamaProvider.Chat.Reasoning;

/// <summary>How one request reasons: what its prompt says, what its constraints become, and how its tokens are read.</summary>
/// <param name="model">The model.</param>
/// <param name="settings">What the request asks.</param>
internal sealed class ReasoningPlan(ReasoningModel model, ReasoningSettings settings)
{
    private static readonly StopSequences NoStops = new([]);

    /// <summary>Variables of the template.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Variables { get; init; }

    /// <summary>Where the prompt leaves off.</summary>
    public ReasoningStart Start { get; init; } = ReasoningStart.Closed;

    /// <summary>The marks; <see langword="null"/> for a model that does not reason.</summary>
    public ReasoningTokens? Tokens { get; init; }

    /// <summary>The marks in which stop sequences do not count; <see langword="null"/> when they count everywhere.</summary>
    public ReasoningTokens? Unstopped => settings.IsConstrained ? null : Tokens;

    /// <summary>The tokens that end reasoning.</summary>
    public int[] Closing { get; init; } = [];

    /// <summary>Lets a request's constraint apply to the answer only, unless it asks for more.</summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="hasTools">Whether calls, which have marks of their own, may stand in the answer's place.</param>
    /// <exception cref="OptionsConflictException">It bounds the length of the text, and reasoning is part of that.</exception>
    public RequestedConstraint? Wrap(RequestedConstraint? constraint, bool hasTools)
    {
        if (constraint is null || Tokens is null || settings.IsConstrained)
        {
            return constraint;
        }

        var answer = new TextPart.Constrained(constraint.Definition);
        TextPart whole = ReasoningParts.Wrap(answer, model.Layout, Start, settings.IsEnabled != false, model.Markup, hasTools);
        if (ReferenceEquals(whole, answer))
        {
            return constraint;
        }

        return constraint.Definition is ConditionsDefinition { Lengths: var lengths } && lengths != LengthOptions.None
            ? throw new OptionsConflictException(
                LlamaOptionKeys.Lengths,
                LlamaOptionKeys.EnableThinking,
                $"{LlamaOptionKeys.Lengths} is set, but the model may reason, and what it reasons cannot be told from the text whose length is bounded. " +
                $"Turn reasoning off with {LlamaOptionKeys.EnableThinking}, or include it with {LlamaOptionKeys.ConstrainReasoning}.")
            : constraint with { Definition = new CompositeDefinition(whole) };
    }

    /// <summary>Keeps reasoning within its budget. Reasoning that is not wanted, and that the template cannot turn off, is closed as soon as it begins.</summary>
    public SequenceConstraint? Limit(SequenceConstraint? constraint)
    {
        int? budget = settings.IsEnabled != false ? settings.Budget : Start == ReasoningStart.Closed ? null : 0;
        return budget is not int tokens || Tokens is null
            ? constraint
            : new SequenceConstraint(
                constraint?.Name ?? LlamaOptionKeys.ThinkingBudget, new ReasoningBudget(model.Vocabulary, Tokens, tokens, Closing, constraint?.Constraint));
    }

    /// <summary>What reads the reasoning of the answer; <see langword="null"/> for a model that does not reason.</summary>
    /// <param name="answer">Receives the rest.</param>
    /// <param name="stops">Texts that end the answer.</param>
    public ReasoningReader? CreateReader(AnswerText answer, StopSequences stops) => Tokens is null
        ? null
        : new ReasoningReader(model.Vocabulary, settings.IsConstrained ? stops : NoStops, Tokens, answer, settings.IsReturned, model.Layout.CallBegin);
}
