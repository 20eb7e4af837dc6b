using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Options;

namespace LlamaProvider.Chat.Reasoning;

/// <summary>How one request reasons: what its prompt says, what its constraints become, and how its tokens are read.</summary>
/// <param name="model">The model.</param>
/// <param name="settings">What the request asks.</param>
internal sealed class ReasoningPlan(ReasoningModel model, ReasoningSettings settings)
{
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

    /// <summary>Whether reasoning is returned.</summary>
    public bool IsReturned => settings.IsReturned;

    /// <summary>Lets a request's constraint apply to the answer only, unless it asks for more.</summary>
    public RequestedConstraint? Wrap(RequestedConstraint? constraint) => constraint is null || Tokens is null || settings.IsConstrained
        ? constraint
        : constraint with { Definition = new CompositeDefinition(Wrap(new TextPart.Constrained(constraint.Definition))) };

    /// <summary>Puts reasoning before an answer, as the prompt and the request have it.</summary>
    public TextPart Wrap(TextPart answer) => ReasoningParts.Wrap(answer, model.Layout, Start, settings.IsEnabled != false, model.Markup);

    /// <summary>Keeps reasoning within its budget. Reasoning that is not wanted, and that the template cannot turn off, is closed as soon as it begins.</summary>
    public SequenceConstraint? Limit(SequenceConstraint? constraint, Decoding.Model.Vocabulary vocabulary)
    {
        int? budget = settings.IsEnabled != false ? settings.Budget : Start == ReasoningStart.Closed ? null : 0;
        return budget is not int tokens || Tokens is null || Closing.Length == 0
            ? constraint
            : new SequenceConstraint(
                constraint?.Name ?? LlamaOptionKeys.ThinkingBudget, new ReasoningBudget(vocabulary, Tokens, tokens, Closing, constraint?.Constraint));
    }
}
