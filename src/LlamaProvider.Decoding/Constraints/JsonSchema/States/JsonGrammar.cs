using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>The states of a planned schema, made where texts lead.</summary>
internal sealed class JsonGrammar(Planner planner, JsonLexicon lexicon, JsonSchemaOptions options)
{
    private readonly Dictionary<SchemaExpression, ValueState?> _values = [];
    private readonly Dictionary<ByteExpression, LexemeState?> _lexemes = [];

    public JsonSchemaOptions Options { get; } = options;

    /// <summary>Counts the states.</summary>
    public ConstraintWork? Work => Lexicon.Algebra.Work;

    public JsonSpacing Spacing => field ??= new JsonSpacing(Options.Whitespace, Lexicon.Algebra, LexemeOf);

    public JsonLexicon Lexicon { get; } = lexicon;

    /// <summary>Where a value begins; <see langword="null"/> when no value meets the schema.</summary>
    public ValueState? ValueOf(SchemaExpression expression)
    {
        if (!_values.TryGetValue(expression, out ValueState? state))
        {
            state = planner.IsMet(expression) ? new ValueState(this, planner[expression]) : null;
            _values.Add(expression, state);
        }

        return state;
    }

    /// <summary>Where a text of a language begins; <see langword="null"/> when there is none.</summary>
    public LexemeState? LexemeOf(ByteExpression language)
    {
        if (!_lexemes.TryGetValue(language, out LexemeState? start))
        {
            start = new ByteAutomaton(Lexicon.Algebra, Lexicon.Liveness, language).Start;
            _lexemes.Add(language, start);
        }

        return start;
    }

    /// <summary>Whether an array can be completed from what is there.</summary>
    public bool CanComplete(ArrayPlan plan, ArrayProgress progress) => ArrayCompletion.CanComplete(plan, progress, planner.IsMet);

    /// <summary>Whether an object can be had.</summary>
    public bool IsMet(ObjectPlan plan) => ObjectCompletion.IsMet(plan, planner.IsMet);

    /// <summary>What it takes to complete an object.</summary>
    public ObjectCompletion CompletionOf(ObjectPlan plan) => new(plan, planner.IsMet, Options.PropertyOrder == JsonPropertyOrder.Schema);

    /// <summary>Whether a part can be had.</summary>
    public bool IsMet(PartOption option) => planner.IsMet(option.Value);
}
