using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Syntax;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Tree.Statements;

/// <summary>A loop's condition. It has names of its own, since the loop may look one element ahead while the body still runs.</summary>
internal sealed record LoopFilter(Target Target, Expression Condition, Scope Scope);

/// <summary><c>{% for target in iterable if condition recursive %} … {% else %}</c>.</summary>
internal sealed class ForStatement(int offset, Target target, Expression iterable, Statement body, Scope scope, int loopSlot) : Statement(offset)
{
    public LoopFilter? Filter { get; init; }

    public Statement? Otherwise { get; init; }

    public Scope? OtherwiseScope { get; init; }

    /// <summary>The frame of each level of a recursive loop; null for a plain one, which runs in the frame around it.</summary>
    public Activation? Recursion { get; init; }

    public override Flow Execute(Frame frame)
    {
        var elements = iterable.Evaluate(frame);
        return Run(Recursion is null ? frame : Enter(frame), frame, elements, depth: 0);
    }

    /// <summary>What <c>loop(elements)</c> in a recursive loop does: runs the loop one level deeper and returns its text.</summary>
    public Value Recurse(Frame outer, Value elements, int depth)
    {
        var rendering = outer.Rendering;
        rendering.Budget.EnterCall();
        var text = rendering.Capture(new Level(this, outer, elements, depth), Enter(outer));
        rendering.Budget.LeaveCall();
        return text;
    }

    private Frame Enter(Frame outer)
    {
        outer.Rendering.Budget.ChargeSlots(Recursion!.SlotCount);
        return new Frame(outer.Rendering, outer, Recursion.SlotCount);
    }

    private Flow Run(Frame frame, Frame outer, Value value, int depth)
    {
        var rendering = frame.Rendering;
        rendering.At(Offset);
        Budget.EnsureStack();
        var elements = Sequences.Enumerate(value, rendering.Budget);
        var loop = Filter is null
            ? new LoopValue(elements, value, depth)
            : new LoopValue(Filtered(elements, Filter, frame), sized: null, depth);
        loop.Recurse = Recursion is null ? null : inner => Recurse(outer, inner, depth + 1);

        // Jinja2 clears its mark for "no iteration" at the end of the body: an iteration that is left early does not count.
        var isEmpty = true;
        while (loop.MoveNext())
        {
            scope.Clear(frame);
            frame.Slots[loopSlot] = loop;
            target.Assign(frame, loop.Current);
            var flow = body.Execute(frame);
            if (flow == Flow.Break)
            {
                break;
            }

            isEmpty &= flow == Flow.Continue;
        }

        if (isEmpty && Otherwise is not null)
        {
            OtherwiseScope!.Clear(frame);
            return Otherwise.Execute(frame);
        }

        return Flow.Next;
    }

    private static IEnumerable<Value> Filtered(IEnumerable<Value> elements, LoopFilter filter, Frame frame)
    {
        foreach (var element in elements)
        {
            filter.Scope.Clear(frame);
            filter.Target.Assign(frame, element);
            if (filter.Condition.Evaluate(frame).IsTrue)
            {
                yield return element;
            }
        }
    }

    /// <summary>One level of a recursive loop as a statement, so that its text can be captured.</summary>
    private sealed class Level(ForStatement loop, Frame outer, Value elements, int depth) : Statement(loop.Offset)
    {
        public override Flow Execute(Frame frame) => loop.Run(frame, outer, elements, depth);
    }
}
