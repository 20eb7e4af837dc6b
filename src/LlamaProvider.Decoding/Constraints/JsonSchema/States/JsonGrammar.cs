using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>The states of a planned schema, made where texts lead.</summary>
internal sealed class JsonGrammar(ByteAlgebra algebra, Liveness liveness, JsonSchemaOptions options)
{
    private readonly Dictionary<PlannedValue, ValueState?> _values = [];
    private readonly Dictionary<ByteExpression, LexemeState?> _lexemes = [];

    public JsonSchemaOptions Options { get; } = options;

    /// <summary>Counts the states.</summary>
    public ConstraintWork? Work => algebra.Work;

    public JsonSpacing Spacing => field ??= new JsonSpacing(Options.Whitespace, algebra, LexemeOf);

    public ByteAlgebra Algebra => algebra;

    /// <summary>Where a value begins; <see langword="null"/> when no value meets the schema.</summary>
    public ValueState? ValueOf(PlannedValue value)
    {
        if (!_values.TryGetValue(value, out ValueState? state))
        {
            state = value.IsMet ? new ValueState(this, value.Plan) : null;
            _values.Add(value, state);
        }

        return state;
    }

    /// <summary>Where a text of a language begins; <see langword="null"/> when there is none.</summary>
    public LexemeState? LexemeOf(ByteExpression language)
    {
        if (!_lexemes.TryGetValue(language, out LexemeState? start))
        {
            start = new ByteAutomaton(algebra, liveness, language).Start;
            _lexemes.Add(language, start);
        }

        return start;
    }
}
