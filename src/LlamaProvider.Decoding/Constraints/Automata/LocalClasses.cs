using System.IO.Hashing;
using System.Numerics;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>Which bytes lead a single state to the same state, so that each such class is derived once.</summary>
/// <remarks>
/// Naive: derive by each byte that some set anywhere in the expression tells from others, 60 and more where texts are Unicode. But a derivative depends only on the sets with
/// which a text can begin (Owens, Reppy and Turon, "Regular-expression derivatives re-examined", 2009), and those are few: inside a character of three bytes, one. What the
/// states of a mask cost is mostly derivatives, so this is the difference between them. Maps are shared by states that tell the same bytes apart. One thread at a time.
/// </remarks>
/// <param name="expression">What the automaton's states are derivatives of.</param>
/// <param name="sets">Its algebra's.</param>
internal sealed class LocalClasses(ByteExpression expression, FirstSets sets)
{
    private readonly Dictionary<UInt128, ByteMap> _maps = [];

    /// <summary>A byte of each class of all that the automaton tells apart, the likeliest to lead to a text's end first.</summary>
    public byte[] Representatives => field ??= Whole.Representatives();

    // Takes a walk through the expression, which most states can do without.
    private ByteClasses Whole => field ??= ByteClasses.Of(expression);

    private ByteMap WholeMap => field ??= MakeWholeMap();

    public ByteMap Of(ByteExpression state)
    {
        sets.Clear();
        state.AddFirstSets(sets);
        if (!sets.IsKnown)
        {
            return WholeMap;
        }

        Span<byte> representatives = stackalloc byte[256];
        Span<byte> classes = stackalloc byte[256];
        int count = sets.Partition(classes, representatives);
        UInt128 key = XxHash128.HashToUInt128(classes);
        if (!_maps.TryGetValue(key, out ByteMap? map))
        {
            map = new ByteMap(classes.ToArray(), representatives[..count].ToArray());
            _maps.Add(key, map);
        }

        return map;
    }

    private ByteMap MakeWholeMap()
    {
        var representatives = new byte[Whole.Count];
        foreach (byte value in Representatives)
        {
            representatives[Whole[value]] = value;
        }

        return new ByteMap([.. Enumerable.Range(0, 256).Select(value => (byte)Whole[(byte)value])], representatives);
    }
}

/// <summary>A partition of the bytes.</summary>
/// <param name="Classes">The class of each byte.</param>
/// <param name="Representatives">A byte of each class.</param>
internal sealed record ByteMap(byte[] Classes, byte[] Representatives);

/// <summary>The sets of bytes with which the texts of an expression begin. Filled again for each expression; an algebra has one.</summary>
internal sealed class FirstSets
{
    // Bits of a signature.
    private const int MaxSets = 64;

    private readonly List<ByteSet> _sets = [];
    private readonly ulong[] _signatures = new ulong[256];
    private readonly ulong[] _known = new ulong[256];

    /// <summary>Whether the sets tell all that there is to tell apart.</summary>
    public bool IsKnown { get; private set; } = true;

    public void Clear()
    {
        _sets.Clear();
        IsKnown = true;
    }

    public void Add(ByteSet set)
    {
        if (IsKnown && !_sets.Contains(set))
        {
            _sets.Add(set);
            IsKnown = _sets.Count <= MaxSets;
        }
    }

    public void AddUnknown() => IsKnown = false;

    /// <summary>Puts bytes that are in the same of the sets into one class.</summary>
    /// <param name="classes">Receives the class of each byte.</param>
    /// <param name="representatives">Receives a byte of each class.</param>
    /// <returns>Classes.</returns>
    public int Partition(Span<byte> classes, Span<byte> representatives)
    {
        Sign();
        int count = 0;
        for (int value = 0; value < classes.Length; value++)
        {
            int index = _known.AsSpan(0, count).IndexOf(_signatures[value]);
            if (index < 0)
            {
                index = count++;
                _known[index] = _signatures[value];
                representatives[index] = (byte)value;
            }

            classes[value] = (byte)index;
        }

        return count;
    }

    // A bit for each set that a byte is in.
    private void Sign()
    {
        _signatures.AsSpan().Clear();
        for (int i = 0; i < _sets.Count; i++)
        {
            ByteSet set = _sets[i];
            Sign(_signatures, set.Bits0, 1UL << i);
            Sign(_signatures.AsSpan(64), set.Bits1, 1UL << i);
            Sign(_signatures.AsSpan(128), set.Bits2, 1UL << i);
            Sign(_signatures.AsSpan(192), set.Bits3, 1UL << i);
        }
    }

    private static void Sign(Span<ulong> signatures, ulong values, ulong bit)
    {
        for (; values != 0; values &= values - 1)
        {
            signatures[BitOperations.TrailingZeroCount(values)] |= bit;
        }
    }
}
