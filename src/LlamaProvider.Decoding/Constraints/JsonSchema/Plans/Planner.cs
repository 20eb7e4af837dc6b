using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>Works out every schema that a text can come to, and which of them no value meets.</summary>
internal sealed class Planner
{
    private readonly SchemaTranslator _translator;
    private readonly DefaultBounds _bounds;
    private readonly ObjectPlanner _objects;
    private readonly ArrayPlanner _arrays;
    private readonly Dictionary<SchemaExpression, PlannedValue> _values = [];

    public Planner(SchemaTranslator translator, DefaultBounds bounds)
    {
        _translator = translator;
        _bounds = bounds;
        _objects = new ObjectPlanner(translator, bounds, Of);
        _arrays = new ArrayPlanner(translator, Of);
    }

    /// <summary>Works out a value and every value that may be inside it.</summary>
    public PlannedValue Explore(SchemaExpression root)
    {
        PlannedValue start = Of(root);
        var open = new Stack<PlannedValue>([start]);
        var order = new List<PlannedValue>();
        while (open.TryPop(out PlannedValue? value))
        {
            if (value.IsPlanned)
            {
                continue;
            }

            _translator.Lexicon.Algebra.Work?.Check();
            value.Complete(Plan);
            order.Add(value);
            foreach (PlannedValue part in PartsOf(value.Plan))
            {
                open.Push(part);
            }
        }

        FindMet(order);
        return start;
    }

    private static IEnumerable<PlannedValue> PartsOf(ValuePlan plan) =>
        plan.Arrays.SelectMany(array => array.Items).Concat(plan.Objects.SelectMany(ObjectPlanner.OptionsOf)).SelectMany(options => options).Select(option => option.Value);

    private PlannedValue Of(SchemaExpression expression)
    {
        if (!_values.TryGetValue(expression, out PlannedValue? value))
        {
            value = new PlannedValue(expression);
            _values.Add(expression, value);
        }

        return value;
    }

    private ValuePlan Plan(SchemaExpression expression)
    {
        ValueShape shape = _bounds.Apply(_translator.ShapeOf(expression));
        return new ValuePlan(_translator.Lexicon.Scalars(shape), [.. shape.Arrays.Select(_arrays.Plan)], [.. shape.Objects.Select(_objects.Plan)]);
    }

    // The least fix-point: a value is met when its parts are met by what was found before. Values whose every text is endless are never found.
    private void FindMet(List<PlannedValue> values)
    {
        bool isChanged = true;
        while (isChanged)
        {
            isChanged = false;
            for (int i = values.Count - 1; i >= 0; i--)
            {
                _translator.Lexicon.Algebra.Work?.Check();
                if (!values[i].IsMet && IsMetNow(values[i].Plan))
                {
                    values[i].IsMet = true;
                    isChanged = true;
                }
            }
        }
    }

    private bool IsMetNow(ValuePlan plan) =>
        !_translator.Lexicon.Liveness.IsEmpty(plan.Scalars)
        || plan.Arrays.Any(array => ArrayCompletion.CanComplete(array, ArrayProgress.Start))
        || plan.Objects.Any(ObjectCompletion.IsMet);
}
