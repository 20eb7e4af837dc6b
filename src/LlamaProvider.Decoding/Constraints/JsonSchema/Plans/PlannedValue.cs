using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>A value that the schema speaks of, with its plan once that is worked out.</summary>
/// <remarks>Plans refer to each other through these alone, so that a compiled schema keeps nothing of the document that it was read from.</remarks>
/// <param name="expression">What the value is in the schema's words.</param>
internal sealed class PlannedValue(SchemaExpression expression)
{
    private SchemaExpression? _expression = expression;
    private ValuePlan? _plan;

    public bool IsPlanned => _plan is not null;

    /// <exception cref="InvalidOperationException">It is not worked out yet.</exception>
    public ValuePlan Plan => _plan ?? throw new InvalidOperationException("The value has no plan yet.");

    /// <summary>Whether any text is such a value, as far as is known.</summary>
    public bool IsMet { get; set; }

    /// <summary>The options of a part that is this value and meets no condition thereby.</summary>
    public ImmutableArray<PartOption> Alone => field.IsDefault ? field = [new PartOption(this, Meets: 0)] : field;

    /// <summary>Works the plan out, once.</summary>
    public void Complete(Func<SchemaExpression, ValuePlan> plan)
    {
        _plan = plan(_expression ?? throw new InvalidOperationException("The value has a plan already."));
        _expression = null;
    }
}
