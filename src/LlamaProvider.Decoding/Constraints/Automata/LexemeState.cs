using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>A state of a <see cref="ByteAutomaton"/>: what may still follow, as an expression.</summary>
internal sealed class LexemeState(ByteAutomaton automaton, ByteExpression expression) : RecognizerState(expression.IsNullable)
{
    private readonly LexemeState?[] _next = new LexemeState?[automaton.ClassCount];
    private readonly bool[] _isKnown = new bool[automaton.ClassCount];
    private StateCall[]? _calls;
    private UInt128? _maskKey;

    public ByteExpression Expression { get; } = expression;

    public override bool HasCalls => Expression.HasCalls;

    public override ReadOnlySpan<StateCall> Calls => Expression.HasCalls ? _calls ??= automaton.Calls(Expression) : [];

    public override LexemeState? Step(byte value)
    {
        int byteClass = automaton.ClassOf(value);
        if (!_isKnown[byteClass])
        {
            _next[byteClass] = automaton.Derive(Expression, byteClass);
            _isKnown[byteClass] = true;
        }

        return _next[byteClass];
    }

    public override UInt128? MaskKey(int longestToken) => Expression.HasCalls ? null : _maskKey ??= automaton.Relax(Expression, longestToken).Key;
}
