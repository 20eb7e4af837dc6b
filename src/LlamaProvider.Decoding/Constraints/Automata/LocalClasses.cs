using System.IO.Hashing;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>Which bytes lead a single state to the same state, so that each such class is derived once.</summary>
/// <remarks>
/// Naive: derive by each byte that some set anywhere in the expression tells from others, 60 and more where texts are Unicode. But a derivative depends only on the sets with
/// which a text can begin (Owens, Reppy and Turon, "Regular-expression derivatives re-examined", 2009), and those are few: inside a character of three bytes, one. What the
/// states of a mask cost is mostly derivatives, so this is the difference between them. Maps are shared by states that tell the same bytes apart. One thread at a time.
/// </remarks>
internal sealed class LocalClasses
{
    // Bits of a signature.
    private const int MaxSets = 64;

    private readonly ByteMap _whole;
    private readonly Dictionary<UInt128, ByteMap> _maps = [];
    private readonly FirstSets _sets = new(MaxSets);
    private readonly ulong[] _signatures;

    /// <param name="classes">The bytes that all of the automaton tells apart.</param>
    private LocalClasses(ByteClasses classes)
    {
        Representatives = classes.Representatives();
        var representatives = new byte[classes.Count];
        foreach (byte value in Representatives)
        {
            representatives[classes[value]] = value;
        }

        _whole = new ByteMap([.. Enumerable.Range(0, 256).Select(value => (byte)classes[(byte)value])], representatives);
        _signatures = new ulong[representatives.Length];
    }

    /// <summary>A byte of each class of the whole, the likeliest to lead to a text's end first.</summary>
    public byte[] Representatives { get; }

    /// <summary>For an expression and its derivatives.</summary>
    public static LocalClasses For(ByteExpression expression) => new(ByteClasses.Of(expression));

    public ByteMap Of(ByteExpression expression)
    {
        _sets.Clear();
        expression.AddFirstSets(_sets);
        if (!_sets.IsKnown)
        {
            return _whole;
        }

        int count = 0;
        ReadOnlySpan<byte> all = _whole.Representatives;
        Span<byte> local = stackalloc byte[256];
        Span<byte> representatives = stackalloc byte[256];
        local = local[..all.Length];
        for (int i = 0; i < all.Length; i++)
        {
            ulong signature = _sets.SignatureOf(all[i]);
            int known = _signatures.AsSpan(0, count).IndexOf(signature);
            if (known < 0)
            {
                known = count++;
                _signatures[known] = signature;
                representatives[known] = all[i];
            }

            local[i] = (byte)known;
        }

        UInt128 key = XxHash128.HashToUInt128(local);
        if (!_maps.TryGetValue(key, out ByteMap? map))
        {
            byte[] byLocal = local.ToArray();
            map = new ByteMap(Array.ConvertAll(_whole.Classes, value => byLocal[value]), representatives[..count].ToArray());
            _maps.Add(key, map);
        }

        return map;
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

    /// <summary>Which of the sets a byte is in.</summary>
    public ulong SignatureOf(byte value)
    {
        ulong signature = 0;
        for (int i = 0; i < _sets.Count; i++)
        {
            signature |= _sets[i].Contains(value) ? 1UL << i : 0;
        }

        return signature;
    }
}
