using System.Buffers.Binary;
using System.IO.Hashing;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Regex.Lookaround;

/// <summary>The deterministic automaton of a regular expression with conditions anywhere, loops included.</summary>
/// <remarks>
/// <para>
/// A state is a set of threads, as in Thompson's simulation ("Regular Expression Search Algorithm", 1968), each with what its look aheads still ask of the rest of the text:
/// an alternating automaton (Chandra, Kozen and Stockmeyer, "Alternation", 1981) made deterministic. What a look ahead asks is an expression that is derived along with the
/// text; one that itself looks behind is a set of threads again. Look behinds are derived from the start of the text, whether or not a thread needs them, and hold where
/// what is left of them is nullable.
/// </para>
/// <para>
/// Expressions have finitely many derivatives, so there are finitely many states. A state's number is a hash of its content, so that it is the same wherever the machine
/// is built; the content is kept beside it.
/// </para>
/// <para>One thread at a time, like its algebra.</para>
/// </remarks>
internal sealed class LookaroundMachine : IByteMachine
{
    private readonly LookaroundGraph _graph;
    private readonly ByteAlgebra _algebra;
    private readonly Dictionary<long, State> _states = [];

    public LookaroundMachine(LookaroundGraph graph, ByteAlgebra algebra)
    {
        _graph = graph;
        _algebra = algebra;
        Key = graph.Key();
        ByteExpression[] behind = [.. graph.Behind];
        var collector = new ThreadCollector(graph, behind, algebra);
        collector.Enter(graph.Start, algebra.Anything, []);
        Start = Remember(behind, collector.ToRun());
    }

    public UInt128 Key { get; }

    public long Start { get; }

    public long? Step(long state, byte value)
    {
        (ByteExpression[] behind, LookaroundRun run) = _states[state];
        ByteExpression[] nextBehind = [.. behind.Select(each => each.Derive(value, _algebra))];
        LookaroundRun next = Step(run, value, nextBehind);
        return next.IsFalse ? null : Remember(nextBehind, next);
    }

    public bool IsAccepting(long state) => IsAccepting(_states[state].Run);

    public void AddClasses(ByteClasses classes)
    {
        foreach (Step step in _graph.Steps)
        {
            step.Language?.AddClasses(classes);
        }

        foreach (ByteExpression behind in _graph.Behind)
        {
            behind.AddClasses(classes);
        }
    }

    private LookaroundRun Step(LookaroundRun run, byte value, ByteExpression[] behind)
    {
        var collector = new ThreadCollector(_graph, behind, _algebra);
        foreach (LookaroundThread thread in run.Threads)
        {
            ByteExpression residue = thread.Residue.Derive(value, _algebra);
            ByteExpression ahead = thread.Ahead.Derive(value, _algebra);
            if (ReferenceEquals(residue, _algebra.Nothing) || ReferenceEquals(ahead, _algebra.Nothing) || Step(thread.Duties, value, behind) is not { } duties)
            {
                continue;
            }

            if (!ReferenceEquals(residue, _algebra.Empty))
            {
                collector.Add(new LookaroundThread(residue, thread.Target, ahead, duties));
            }

            if (residue.IsNullable)
            {
                collector.Enter(thread.Target, ahead, duties);
            }
        }

        return collector.ToRun();
    }

    private LookaroundDuty[]? Step(LookaroundDuty[] duties, byte value, ByteExpression[] behind)
    {
        LookaroundDuty[]? next = [];
        for (int i = 0; i < duties.Length && next is not null; i++)
        {
            next = ThreadCollector.TryAdd(next, duties[i] with { Run = Step(duties[i].Run, value, behind) });
        }

        return next;
    }

    private bool IsAccepting(LookaroundRun run) => run.Threads.Any(thread =>
        _graph.Steps[thread.Target].Kind is StepKind.End or StepKind.Accept
        && thread.Residue.IsNullable
        && thread.Ahead.IsNullable
        && Array.TrueForAll(thread.Duties, duty => IsAccepting(duty.Run) != duty.IsNegated));

    private long Remember(ByteExpression[] behind, LookaroundRun run)
    {
        var hash = new XxHash3();
        Span<byte> buffer = stackalloc byte[16];
        foreach (ByteExpression each in behind)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(buffer, each.Key);
            hash.Append(buffer);
        }

        BinaryPrimitives.WriteUInt128LittleEndian(buffer, run.Key);
        hash.Append(buffer);
        long state = (long)hash.GetCurrentHashAsUInt64();
        _states.TryAdd(state, new State(behind, run));
        return state;
    }

    private readonly record struct State(ByteExpression[] Behind, LookaroundRun Run);
}
