namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>A deterministic automaton written as code, for languages that expressions say badly, such as "a multiple of 0.01".</summary>
/// <remarks>Pure: equal machines (by <see cref="Key"/>) in equal states do the same.</remarks>
internal interface IByteMachine
{
    /// <summary>A hash of what the machine does, the same in every process.</summary>
    UInt128 Key { get; }

    /// <summary>The state in which a text begins.</summary>
    long Start { get; }

    /// <summary>The state after a byte, or <see langword="null"/> when no text goes on so.</summary>
    long? Step(long state, byte value);

    /// <summary>Whether a text may end in the state.</summary>
    bool IsAccepting(long state);

    /// <summary>Adds the sets of bytes that the machine tells apart.</summary>
    void AddClasses(ByteClasses classes);
}

/// <summary>The texts that lead a machine from a state to an accepting one.</summary>
internal sealed class MachineExpression : ByteExpression
{
    private readonly IByteMachine _machine;
    private readonly long _state;

    public MachineExpression(IByteMachine machine, long state)
        : base(Hash(8, machine.Key, third: state), machine.IsAccepting(state))
    {
        _machine = machine;
        _state = state;
        MayHideNothing = true;
    }

    public override ByteExpression Derive(byte value, ByteAlgebra algebra) =>
        _machine.Step(_state, value) is { } next ? algebra.Machine(_machine, next) : algebra.Nothing;

    public override void AddFirstSets(FirstSets sets) => sets.AddUnknown();

    private protected override void AddOwnClasses(ByteClasses classes) => _machine.AddClasses(classes);
}
