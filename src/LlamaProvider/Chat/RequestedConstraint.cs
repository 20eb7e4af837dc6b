using LlamaProvider.Decoding.Constraints.Definitions;

namespace LlamaProvider.Chat;

/// <summary>A constraint that a request asks for.</summary>
/// <param name="Option">The option that asks for it, as errors name it.</param>
/// <param name="Definition">What it says.</param>
internal sealed record RequestedConstraint(string Option, ConstraintDefinition Definition)
{
    /// <summary>The schema that it holds the answer to, with phrases and lengths or without; <see langword="null"/> for other constraints.</summary>
    public JsonSchemaDefinition? Schema => Definition as JsonSchemaDefinition ?? (Definition as ConditionsDefinition)?.Base as JsonSchemaDefinition;
}
