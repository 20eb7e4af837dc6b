namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>
/// A partition of the 256 byte values, refined by every set that is added: values of one class are in the same sets, so an automaton needs one transition for all
/// of them.
/// </summary>
internal sealed class ByteClasses
{
    private static readonly byte[] Order = MakeOrder();

    private readonly byte[] _classes = new byte[256];
    private readonly int[] _sizes = new int[256];
    private readonly HashSet<ByteSet> _added = [ByteSet.All];

    public ByteClasses() => _sizes[0] = 256;

    /// <summary>The classes that an expression and its derivatives tell apart.</summary>
    public static ByteClasses Of(ByteExpression expression)
    {
        var classes = new ByteClasses();
        expression.AddClasses(classes);
        return classes;
    }

    /// <summary>Number of classes.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>The class of a value. Range: 0 to <see cref="Count"/> − 1.</summary>
    public int this[byte value] => _classes[value];

    public void Add(ByteSet set)
    {
        if (Count == 256 || !_added.Add(set))
        {
            return;
        }

        Span<byte> values = stackalloc byte[256];
        values = values[..set.CopyTo(values)];
        Span<int> found = stackalloc int[256];
        found.Clear();
        foreach (byte value in values)
        {
            found[_classes[value]]++;
        }

        // Classes that are not all in the set lose what is.
        Span<short> renamed = stackalloc short[256];
        renamed.Fill(-1);
        foreach (byte value in values)
        {
            int old = _classes[value];
            if (found[old] < _sizes[old])
            {
                renamed[old] = renamed[old] < 0 ? (short)Count++ : renamed[old];
                _classes[value] = (byte)renamed[old];
            }
        }

        for (int old = 0; old < renamed.Length; old++)
        {
            if (renamed[old] >= 0)
            {
                _sizes[renamed[old]] = found[old];
                _sizes[old] -= found[old];
            }
        }
    }

    /// <summary>One value of each class, letters and digits first where a class has any.</summary>
    public byte[] Representatives()
    {
        var representatives = new List<byte>(Count);
        var isFound = new bool[Count];
        foreach (byte value in Order)
        {
            if (!isFound[_classes[value]])
            {
                isFound[_classes[value]] = true;
                representatives.Add(value);
            }
        }

        return [.. representatives];
    }

    private static byte[] MakeOrder()
    {
        byte[] likely = [(byte)'"', (byte)'a', (byte)'1', (byte)'A'];
        IEnumerable<byte> all = Enumerable.Range(0, 256).Select(value => (byte)value);
        return [.. likely.Concat(all.Where(value => value < 0x80)).Concat(all).Distinct()];
    }
}
