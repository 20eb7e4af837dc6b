namespace LlamaProvider.Decoding.Constraints.JsonSchema.Uniqueness;

/// <summary>Gives each place a value of its own, as long as that is possible.</summary>
/// <remarks>
/// Augmenting paths: a place whose values are all taken takes one whose owner finds another (Kuhn, "The Hungarian Method for the Assignment Problem", 1955). When a place
/// finds none, no assignment of all places exists (Berge 1957).
/// </remarks>
internal sealed class ValueMatching
{
    private readonly Dictionary<byte[], IReadOnlyList<byte[]>> _owners = new(ByContent.Instance);
    private readonly HashSet<byte[]> _used;

    /// <param name="used">Values that no place may have.</param>
    public ValueMatching(IEnumerable<byte[]> used) => _used = new HashSet<byte[]>(used, ByContent.Instance);

    /// <summary>Adds a place that may have one of these values; <see langword="false"/> when not all places can have one.</summary>
    public bool TryAdd(IReadOnlyList<byte[]> values) => TryAdd(values, new HashSet<byte[]>(ByContent.Instance));

    private bool TryAdd(IReadOnlyList<byte[]> values, HashSet<byte[]> tried)
    {
        foreach (byte[] value in values)
        {
            if (!_used.Contains(value) && tried.Add(value) && (!_owners.TryGetValue(value, out IReadOnlyList<byte[]>? owner) || TryAdd(owner, tried)))
            {
                _owners[value] = values;
                return true;
            }
        }

        return false;
    }

    private sealed class ByContent : IEqualityComparer<byte[]>
    {
        public static ByContent Instance { get; } = new();

        public bool Equals(byte[]? left, byte[]? right) => left.AsSpan().SequenceEqual(right);

        public int GetHashCode(byte[] value)
        {
            HashCode hash = default;
            hash.AddBytes(value);
            return hash.ToHashCode();
        }
    }
}
