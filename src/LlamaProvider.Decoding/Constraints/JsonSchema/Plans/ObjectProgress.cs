namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>How much of an object is there. Immutable; compared by value.</summary>
internal sealed class ObjectProgress : IEquatable<ObjectProgress>
{
    private readonly byte[][] _others;

    private ObjectProgress(MemberSet seen, byte[][] others, int lastOrder, int met)
    {
        Seen = seen;
        _others = others;
        LastOrder = lastOrder;
        Met = met;
        Count = seen.Count + others.Length;
    }

    /// <summary>Bytes that are no text, so that no member has this name: it stands for a name that is not there yet.</summary>
    public static byte[] NoName { get; } = [0xFF];

    /// <summary>The mentioned names that are there.</summary>
    public MemberSet Seen { get; }

    /// <summary>The names that are there though they are not mentioned, in the order of their bytes.</summary>
    public ReadOnlySpan<byte[]> Others => _others;

    /// <summary>The place in the schema's order of the last mentioned name; −1 when there is none.</summary>
    public int LastOrder { get; }

    /// <summary>Bits of the conditions that some member has met.</summary>
    public int Met { get; }

    /// <summary>Members.</summary>
    public int Count { get; }

    public static ObjectProgress Start(int names) => new(MemberSet.None(names), [], lastOrder: -1, met: 0);

    /// <summary>With one more mentioned name.</summary>
    public ObjectProgress With(int index, int order) => new(Seen.With(index), _others, Math.Max(order, LastOrder), Met);

    /// <summary>With conditions met.</summary>
    public ObjectProgress Meeting(int conditions) => (Met | conditions) == Met ? this : new(Seen, _others, LastOrder, Met | conditions);

    /// <summary>With one more name that is not mentioned; any number of them may be <see cref="NoName"/>.</summary>
    public ObjectProgress WithOther(byte[] spelled)
    {
        while (IsNoName(spelled) && HasOther(spelled))
        {
            spelled = [.. spelled, .. NoName];
        }

        int place = Array.BinarySearch(_others, spelled, ByBytes.Instance);
        return new ObjectProgress(Seen, [.. _others[..~place], spelled, .. _others[~place..]], LastOrder, Met);
    }

    /// <summary>With <see cref="NoName"/> for every name that is not mentioned, and no more of them than a smallest number of members asks for, if there is no largest one.</summary>
    public ObjectProgress WithoutNames(int min, long max)
    {
        int count = max < int.MaxValue ? _others.Length : Math.Min(_others.Length, Math.Max(0, min - Seen.Count));
        return new ObjectProgress(Seen, [.. Enumerable.Range(1, count).Select(static length => Enumerable.Repeat(NoName[0], length).ToArray())], LastOrder, Met);
    }

    public static bool IsNoName(byte[] spelled) => spelled.AsSpan().StartsWith(NoName);

    public bool HasOther(byte[] spelled) => Array.BinarySearch(_others, spelled, ByBytes.Instance) >= 0;

    public bool Equals(ObjectProgress? other) =>
        other is not null && LastOrder == other.LastOrder && Met == other.Met && Seen.Equals(other.Seen) && HasOthersOf(other);

    public override bool Equals(object? obj) => Equals(obj as ObjectProgress);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Seen);
        hash.Add(Met);
        foreach (byte[] other in _others)
        {
            hash.AddBytes(other);
        }

        return hash.ToHashCode();
    }

    private bool HasOthersOf(ObjectProgress other)
    {
        if (_others.Length != other._others.Length)
        {
            return false;
        }

        for (int i = 0; i < _others.Length; i++)
        {
            if (!_others[i].AsSpan().SequenceEqual(other._others[i]))
            {
                return false;
            }
        }

        return true;
    }

    private sealed class ByBytes : IComparer<byte[]>
    {
        public static ByBytes Instance { get; } = new();

        public int Compare(byte[]? left, byte[]? right) => left.AsSpan().SequenceCompareTo(right);
    }
}
