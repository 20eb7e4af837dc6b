namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>Compares expressions by their keys, so that a set of them finds one by its key without keeping the keys a second time.</summary>
internal sealed class KeyComparer : IEqualityComparer<ByteExpression>, IAlternateEqualityComparer<UInt128, ByteExpression>
{
    private KeyComparer()
    {
    }

    public static KeyComparer Instance { get; } = new();

    public bool Equals(ByteExpression? left, ByteExpression? right) => left?.Key == right?.Key;

    public bool Equals(UInt128 key, ByteExpression expression) => key == expression.Key;

    public int GetHashCode(ByteExpression expression) => GetHashCode(expression.Key);

    public int GetHashCode(UInt128 key) => (int)key;

    /// <exception cref="NotSupportedException">Always: an expression is made of more than its key.</exception>
    public ByteExpression Create(UInt128 key) => throw new NotSupportedException("An expression cannot be made from its key.");
}
