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
    private readonly Dictionary<SchemaExpression, ValuePlan> _plans = [];
    private readonly HashSet<SchemaExpression> _met = [];

    /// <param name="translator">Tells the shapes.</param>
    /// <param name="bounds">Bounds where the schema has none.</param>
    public Planner(SchemaTranslator translator, DefaultBounds bounds)
    {
        _translator = translator;
        _bounds = bounds;
        _objects = new ObjectPlanner(translator, bounds);
        _arrays = new ArrayPlanner(translator);
    }

    public ValuePlan this[SchemaExpression expression] => _plans[expression];

    /// <summary>Whether some value meets an expression that was explored.</summary>
    public bool IsMet(SchemaExpression expression) => _met.Contains(expression);

    /// <summary>Plans an expression and all that it leads to.</summary>
    public void Explore(SchemaExpression root)
    {
        var open = new Stack<SchemaExpression>([root]);
        var order = new List<SchemaExpression>();
        while (open.TryPop(out SchemaExpression? expression))
        {
            if (_plans.ContainsKey(expression))
            {
                continue;
            }

            _translator.Lexicon.Algebra.Work?.Check();
            ValuePlan plan = Plan(expression);
            _plans.Add(expression, plan);
            order.Add(expression);
            foreach (SchemaExpression part in PartsOf(plan))
            {
                open.Push(part);
            }
        }

        FindMet(order);
    }

    private static IEnumerable<SchemaExpression> PartsOf(ValuePlan plan) =>
        plan.Arrays.SelectMany(array => array.Items).Concat(plan.Objects.SelectMany(ObjectPlanner.OptionsOf)).SelectMany(options => options).Select(option => option.Value);

    private ValuePlan Plan(SchemaExpression expression)
    {
        ValueShape shape = _bounds.Apply(_translator.ShapeOf(expression));
        return new ValuePlan(_translator.Lexicon.Scalars(shape), [.. shape.Arrays.Select(_arrays.Plan)], [.. shape.Objects.Select(_objects.Plan)]);
    }

    // The least fix-point: a value is met when its parts are met by what was found before. Values whose every text is endless are never found.
    private void FindMet(List<SchemaExpression> expressions)
    {
        bool isChanged = true;
        while (isChanged)
        {
            isChanged = false;
            for (int i = expressions.Count - 1; i >= 0; i--)
            {
                _translator.Lexicon.Algebra.Work?.Check();
                if (!_met.Contains(expressions[i]) && IsMetNow(_plans[expressions[i]]))
                {
                    _met.Add(expressions[i]);
                    isChanged = true;
                }
            }
        }
    }

    private bool IsMetNow(ValuePlan plan) =>
        !_translator.Lexicon.Liveness.IsEmpty(plan.Scalars)
        || plan.Arrays.Any(array => ArrayCompletion.CanComplete(array, ArrayProgress.Start, IsMet))
        || plan.Objects.Any(@object => ObjectCompletion.IsMet(@object, IsMet));
}
