namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>A text of another rule of the grammar, which may be recursive.</summary>
internal sealed class CallExpression : ByteExpression
{
    public CallExpression(int rule, bool isNullable)
        : base(Hash(9, (uint)rule, isNullable ? 1u : 0u), isNullable)
    {
        Rule = rule;
        HasCalls = true;
    }

    /// <summary>The rule's number in its grammar.</summary>
    public int Rule { get; }

    public override ByteExpression Derive(byte value, ByteAlgebra algebra) => algebra.Nothing;

    public override void AddCalls(List<RuleCall> calls, ByteAlgebra algebra) => calls.Add(new RuleCall(Rule, algebra.Empty));
}

/// <summary>A rule that a text may begin with.</summary>
/// <param name="Rule">The rule's number in its grammar.</param>
/// <param name="After">What follows it.</param>
internal readonly record struct RuleCall(int Rule, ByteExpression After);
