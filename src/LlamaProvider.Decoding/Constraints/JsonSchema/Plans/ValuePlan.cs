using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>A value's shape, worked out: every schema that a part can be met with is known.</summary>
/// <param name="Scalars">The texts of all scalars that it may be.</param>
/// <param name="Arrays">Its arrays.</param>
/// <param name="Objects">Its objects.</param>
internal sealed record ValuePlan(ByteExpression Scalars, ImmutableArray<ArrayPlan> Arrays, ImmutableArray<ObjectPlan> Objects);

/// <summary>What a part of a value may be, and which conditions of the whole it thereby meets.</summary>
/// <param name="Value">The part.</param>
/// <param name="Meets">Bits of the conditions.</param>
internal readonly record struct PartOption(PlannedValue Value, int Meets);
