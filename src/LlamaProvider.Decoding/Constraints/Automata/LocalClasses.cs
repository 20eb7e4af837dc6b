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
internal sealed class LocalClasses(ByteExpression expression)
{
    // Bits of a signature.
    private const int MaxSets = 64;

    private readonly Dictionary<UInt128, ByteMap> _maps = [];
    private readonly FirstSets _sets = new(MaxSets);

    /// <summary>A byte of each class of all that the automaton tells apart, the likeliest to lead to a text's end first.</summary>
    public byte[] Representatives => field ??= Whole.Representatives();

    // Takes a walk through the expression, which most states can do without.
    private ByteClasses Whole => field ??= ByteClasses.Of(expression);

    private ByteMap WholeMap => field ??= MakeWholeMap();

    public ByteMap Of(ByteExpression state)
    {
        _sets.Clear();
        state.AddFirstSets(_sets);
        if (!_sets.IsKnown)
        {
            return WholeMap;
        }

        Span<ulong> signatures = stackalloc ulong[256];
        signatures.Clear();
        _sets.Sign(signatures);
        Span<ulong> known = stackalloc ulong[256];
        Span<byte> representatives = stackalloc byte[256];
        Span<byte> classes = stackalloc byte[256];
        int count = 0;
        for (int value = 0; value < classes.Length; value++)
        {
            int index = known[..count].IndexOf(signatures[value]);
            if (index < 0)
            {
                index = count++;
                known[index] = signatures[value];
                representatives[index] = (byte)value;
            }

            classes[value] = (byte)index;
        }

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

/// <summary>The sets of bytes with which the texts of an expression begin.</summary>
internal sealed class FirstSets(int limit)
{
    private readonly List<ByteSet> _sets = [];

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
            IsKnown = _sets.Count <= limit;
        }
    }

    public void AddUnknown() => IsKnown = false;

    /// <summary>Notes for each byte which of the sets it is in.</summary>
    /// <param name="signatures">A bit for each set, by byte; 0 before.</param>
    public void Sign(Span<ulong> signatures)
    {
        for (int i = 0; i < _sets.Count; i++)
        {
            ByteSet set = _sets[i];
            Sign(signatures, set.Bits0, 1UL << i);
            Sign(signatures[64..], set.Bits1, 1UL << i);
            Sign(signatures[128..], set.Bits2, 1UL << i);
            Sign(signatures[192..], set.Bits3, 1UL << i);
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
