using System.Runtime.CompilerServices;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>A state of a <see cref="ByteAutomaton"/>: what may still follow, as an expression.</summary>
internal sealed class LexemeState : RecognizerState
{
    private static readonly byte[] OneClass = new byte[256];
    private static readonly object?[] NothingKnown = [null];

    /// <summary>Stands where it is known that no text goes on.</summary>
    private static readonly object NoText = new();

    private byte[] _classes = OneClass;
    private object?[] _next = NothingKnown;
    private StateCall[]? _calls;
    private int _branches = -1;

    public LexemeState(ByteAutomaton automaton, ByteExpression expression)
        : base(expression.IsNullable)
    {
        Automaton = automaton;
        _calls = expression.HasCalls ? null : [];
        Expression = expression;
    }

    public ByteExpression Expression { get; }

    /// <summary>What it is a state of.</summary>
    public ByteAutomaton Automaton { get; }

    /// <summary>Whether no rule may begin here or in any state behind.</summary>
    public bool IsPlain => !Expression.HasCalls;

    public override bool HasCalls => (_calls ??= Automaton.Calls(Expression)).Length > 0;

    public override ReadOnlySpan<StateCall> Calls => _calls ??= Automaton.Calls(Expression);

    public override LexemeState? Step(byte value)
    {
        object? next = _next[_classes[value]];
        return next is null ? Derive(value) : ReferenceEquals(next, NoText) ? null : Unsafe.As<LexemeState>(next);
    }

    /// <summary>The state after a text; <see langword="null"/> when none goes on so.</summary>
    public LexemeState? Step(ReadOnlySpan<byte> text)
    {
        LexemeState? state = this;
        foreach (byte value in text)
        {
            state = state?.Step(value);
        }

        return state;
    }

    /// <summary>Bytes that may come next, so texts at least.</summary>
    public int Branches
    {
        get
        {
            if (_branches < 0)
            {
                _branches = 0;
                for (int value = 0; value < 256; value++)
                {
                    _branches += Step((byte)value) is null ? 0 : 1;
                }
            }

            return _branches;
        }
    }

    public override RecognizerState Relax(int longestToken) => Automaton.Relax(this, longestToken);

    /// <summary>The state of a smaller or a larger language that many others have in common (<see cref="RoundedCounts"/>), itself where no count is large; <see langword="null"/> when it has no text, or there is no room for it.</summary>
    public LexemeState? Round(bool isLarger) => Expression.LargestCount < RoundedCounts.Least ? this : Automaton.Round(this, isLarger);

    public override UInt128? MaskKey => Expression.HasCalls ? null : Expression.Key;

    // Many states are only passed through, so which bytes a state tells apart is found out when it is first left. Not inlined, lest the loop of a walk keep in memory what belongs in registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private LexemeState? Derive(byte value)
    {
        if (ReferenceEquals(_classes, OneClass))
        {
            ByteMap map = Automaton.MapOf(Expression);
            _classes = map.Classes;
            _next = new object?[map.Representatives.Length];
        }

        LexemeState? next = Automaton.Derive(Expression, value);
        _next[_classes[value]] = next ?? NoText;
        return next;
    }
}
