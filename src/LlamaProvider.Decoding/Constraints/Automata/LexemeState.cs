using System.Runtime.CompilerServices;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>A state of a <see cref="ByteAutomaton"/>: what may still follow, as an expression.</summary>
internal sealed class LexemeState : RecognizerState
{
    private readonly ByteAutomaton _automaton;
    private readonly byte[] _classes;
    private readonly object?[] _next;
    private StateCall[]? _calls;

    public LexemeState(ByteAutomaton automaton, ByteExpression expression)
        : base(expression.IsNullable)
    {
        _automaton = automaton;
        _classes = automaton.Classes;
        _next = new object?[automaton.ClassCount];
        Array.Fill(_next, automaton);
        _calls = expression.HasCalls ? null : [];
        Expression = expression;
    }

    public ByteExpression Expression { get; }

    public override bool HasCalls => (_calls ??= _automaton.Calls(Expression)).Length > 0;

    public override ReadOnlySpan<StateCall> Calls => _calls ??= _automaton.Calls(Expression);

    public override LexemeState? Step(byte value)
    {
        // The automaton stands where the next state is not known yet.
        object? next = _next[_classes[value]];
        return ReferenceEquals(next, _automaton) ? Derive(_classes[value]) : Unsafe.As<LexemeState?>(next);
    }

    public override RecognizerState Relax(int longestToken) => _automaton.Relax(this, longestToken);

    public override UInt128? MaskKey => Expression.HasCalls ? null : Expression.Key;

    private LexemeState? Derive(int byteClass)
    {
        LexemeState? next = _automaton.Derive(Expression, byteClass);
        _next[byteClass] = next;
        return next;
    }
}
