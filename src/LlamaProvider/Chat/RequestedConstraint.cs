using LlamaProvider.Decoding.Constraints.Definitions;

namespace LlamaProvider.Chat;

/// <summary>A constraint that a request asks for.</summary>
/// <param name="Option">The option that asks for it, as errors name it.</param>
/// <param name="Definition">What it says.</param>
internal sealed record RequestedConstraint(string Option, ConstraintDefinition Definition);
