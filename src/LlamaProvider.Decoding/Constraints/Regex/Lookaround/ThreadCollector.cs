using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.Regex.Lookaround;

/// <summary>Gathers the threads of one place in a text, following the steps of the graph that read nothing.</summary>
/// <param name="graph">The graph.</param>
/// <param name="behind">What is left of the languages that the text so far is asked for: one that is nullable has the text.</param>
/// <param name="algebra">Makes the expressions.</param>
internal sealed class ThreadCollector(LookaroundGraph graph, ByteExpression[] behind, ByteAlgebra algebra)
{
    private readonly Dictionary<(int Target, ByteExpression Ahead, UInt128 Duties), LookaroundThread> _threads = [];
    private readonly HashSet<(int Step, ByteExpression Ahead, UInt128 Duties)> _entered = [];
    private bool _isTrue;

    public void Add(LookaroundThread thread)
    {
        var key = (thread.Target, thread.Ahead, KeyOf(thread.Duties));
        _threads[key] = _threads.TryGetValue(key, out LookaroundThread? known)
            ? known with { Residue = algebra.Choice(known.Residue, thread.Residue) }
            : thread;
    }

    /// <summary>Goes to a step and on through all that can be passed here.</summary>
    public void Enter(int start, ByteExpression ahead, LookaroundDuty[] duties)
    {
        var open = new Stack<(int Step, ByteExpression Ahead, LookaroundDuty[] Duties)>();
        open.Push((start, ahead, duties));
        while (open.TryPop(out (int Step, ByteExpression Ahead, LookaroundDuty[] Duties) next))
        {
            if (!ReferenceEquals(next.Ahead, algebra.Nothing) && _entered.Add((next.Step, next.Ahead, KeyOf(next.Duties))))
            {
                Pass(graph.Steps[next.Step], next, open);
            }
        }
    }

    public LookaroundRun ToRun()
    {
        LookaroundThread[] threads = [.. _threads.OrderBy(pair => pair.Key.Target).ThenBy(pair => pair.Key.Ahead.Key).ThenBy(pair => pair.Key.Duties)
            .Select(pair => pair.Value)];
        return LookaroundRun.Of(threads, _isTrue);
    }

    private void Pass(
        Step step,
        (int Step, ByteExpression Ahead, LookaroundDuty[] Duties) at,
        Stack<(int Step, ByteExpression Ahead, LookaroundDuty[] Duties)> open)
    {
        switch (step.Kind)
        {
            case StepKind.Fork:
                open.Push((step.Target, at.Ahead, at.Duties));
                open.Push((step.Other, at.Ahead, at.Duties));
                break;
            case StepKind.Read:
                Add(new LookaroundThread(step.Language!, step.Target, at.Ahead, at.Duties));
                if (step.Language!.IsNullable)
                {
                    open.Push((step.Target, at.Ahead, at.Duties));
                }

                break;
            case StepKind.Ahead:
                open.Push((step.Target, algebra.Intersection(at.Ahead, step.Language!), at.Duties));
                break;
            case StepKind.AheadGraph:
                var inner = new ThreadCollector(graph, behind, algebra);
                inner.Enter(step.Other, algebra.Anything, []);
                if (TryAdd(at.Duties, new LookaroundDuty(inner.ToRun(), step.IsNegated)) is { } duties)
                {
                    open.Push((step.Target, at.Ahead, duties));
                }

                break;
            case StepKind.Behind:
                if (behind[step.Other].IsNullable != step.IsNegated)
                {
                    open.Push((step.Target, at.Ahead, at.Duties));
                }

                break;
            default:
                bool isEnd = step.Kind == StepKind.End;
                _isTrue |= !isEnd && ReferenceEquals(at.Ahead, algebra.Anything) && at.Duties.Length == 0;
                Add(new LookaroundThread(isEnd ? algebra.Empty : algebra.Anything, at.Step, at.Ahead, at.Duties));
                break;
        }
    }

    /// <summary>The duties with one more; <see langword="null"/> when it can never be met.</summary>
    public static LookaroundDuty[]? TryAdd(LookaroundDuty[] duties, LookaroundDuty duty)
    {
        if (duty.Run.IsTrue || duty.Run.IsFalse)
        {
            return duty.Run.IsTrue != duty.IsNegated ? duties : null;
        }

        return duties.Contains(duty, DutyComparer.Instance) ? duties : [.. duties.Append(duty).OrderBy(static each => each.Run.Key).ThenBy(static each => each.IsNegated)];
    }

    private static UInt128 KeyOf(LookaroundDuty[] duties)
    {
        UInt128 key = 0;
        foreach (LookaroundDuty duty in duties)
        {
            key = (key * 31) + (duty.IsNegated ? ~duty.Run.Key : duty.Run.Key);
        }

        return key;
    }

    private sealed class DutyComparer : IEqualityComparer<LookaroundDuty>
    {
        public static DutyComparer Instance { get; } = new();

        public bool Equals(LookaroundDuty x, LookaroundDuty y) => x.Run.Key == y.Run.Key && x.IsNegated == y.IsNegated;

        public int GetHashCode(LookaroundDuty obj) => obj.Run.Key.GetHashCode();
    }
}
