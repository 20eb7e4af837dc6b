using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>
/// A regular language over bytes (with rule calls: the right side of a grammar rule), as an immutable expression that <see cref="ByteAlgebra"/> makes and shares: equal
/// expressions of one algebra are one object.
/// </summary>
/// <remarks>
/// <para>
/// The derivative of a language L by a byte b is { w : bw ∈ L } (Brzozowski, "Derivatives of Regular Expressions", 1964). Deriving byte by byte decides membership, and
/// since the expressions reached are finitely many (up to the laws that <see cref="ByteAlgebra"/> applies), they are the states of an automaton that is built only where
/// a text goes. Intersection and complement cost nothing more, and a repetition {m,n} is one node whose counts go down, not n copies.
/// </para>
/// <para>An algebra and its expressions belong to one thread at a time.</para>
/// </remarks>
internal abstract class ByteExpression
{
    private const int KeyBytes = 16;
    private const int LargestOnStack = 512;

    private Derivatives _derivatives;
    private ByteExpression? _nextInTable;

    private protected ByteExpression(UInt128 key, bool isNullable, params ReadOnlySpan<ByteExpression> parts)
    {
        Key = key;
        IsNullable = isNullable;
        IsDerivedAtOnce = parts.IsEmpty;
        foreach (ByteExpression part in parts)
        {
            MayHideNothing |= part.MayHideNothing;
            HasCalls |= part.HasCalls;
            LargestCount = Math.Max(LargestCount, part.LargestCount);
            Depth = Math.Max(Depth, part.Depth + 1);
        }
    }

    /// <summary>A hash of the expression's structure, the same in every algebra and process.</summary>
    public UInt128 Key { get; }

    /// <summary>Whether the empty text belongs to the language.</summary>
    public bool IsNullable { get; }

    /// <summary>Whether the language may be empty though the expression is not <see cref="ByteAlgebra.Nothing"/>, because a part intersects, complements or computes.</summary>
    public bool MayHideNothing { get; private protected init; }

    /// <summary>Whether some text is of the language, once <see cref="Liveness"/> has found out.</summary>
    public bool? HasText { get; set; }

    /// <summary>Whether derivatives take no more than looking up what was derived before would.</summary>
    public bool IsDerivedAtOnce { get; private protected init; }

    /// <summary>Whether a part calls a rule.</summary>
    public bool HasCalls { get; private protected init; }

    /// <summary>The largest finite count of a repetition in it.</summary>
    public int LargestCount { get; private protected init; }

    /// <summary>Expressions within each other, as far as a derivative follows them by recursion.</summary>
    public int Depth { get; private protected init; }

    /// <summary>The expressions that this one is made of.</summary>
    public virtual ReadOnlySpan<ByteExpression> Parts => [];

    /// <summary>The state that it is of the automaton that came to it first; <see langword="null"/> until one does.</summary>
    public LexemeState? State { get; set; }

    /// <summary>What is known of <see cref="Derive"/>.</summary>
    public ref Derivatives Derivatives => ref _derivatives;

    /// <summary>What may follow a byte.</summary>
    public abstract ByteExpression Derive(byte value, ByteAlgebra algebra);

    /// <summary>Adds the sets that tell which bytes this expression and its derivatives treat alike.</summary>
    public void AddClasses(ByteClasses classes)
    {
        var seen = new HashSet<ByteExpression> { this };
        var open = new Stack<ByteExpression>(seen);
        while (open.TryPop(out ByteExpression? next))
        {
            next.AddOwnClasses(classes);
            foreach (ByteExpression part in next.Parts)
            {
                if (seen.Add(part))
                {
                    open.Push(part);
                }
            }
        }
    }

    private protected virtual void AddOwnClasses(ByteClasses classes)
    {
    }

    /// <summary>Adds the sets of bytes with which a text can begin: bytes that are in the same of them have the same derivative.</summary>
    public virtual void AddFirstSets(FirstSets sets)
    {
        foreach (ByteExpression part in Parts)
        {
            part.AddFirstSets(sets);
        }
    }

    /// <summary>Adds the rules that a text may begin with, each with what follows it.</summary>
    public virtual void AddCalls(List<RuleCall> calls, ByteAlgebra algebra)
    {
    }

    /// <summary>
    /// The same language as far as a text of at most <paramref name="bytes"/> bytes can tell, with counts brought down to what such a text can reach. So a string of at most
    /// 2,000 characters is, to a token, any string.
    /// </summary>
    public ByteExpression Relax(int bytes, ByteAlgebra algebra) => LargestCount <= bytes + 1 ? this : algebra.Relax(this, bytes);

    /// <summary><see cref="Relax"/>, asked once for each expression and number of bytes.</summary>
    internal virtual ByteExpression RelaxParts(int bytes, ByteAlgebra algebra) => this;

    /// <summary>Of the structure too, but expressions are equal only when they are the same object.</summary>
    public sealed override int GetHashCode() => (int)Key;

    /// <summary>The expressions of an algebra by their keys.</summary>
    public readonly struct Links : IChainedLinks<UInt128, ByteExpression>
    {
        public static UInt128 KeyOf(ByteExpression entry) => entry.Key;

        public static int HashOf(UInt128 key) => (int)key;

        public static ref ByteExpression? Next(ByteExpression entry) => ref entry._nextInTable;
    }

    private protected static UInt128 Hash(byte kind, ReadOnlySpan<ByteExpression> parts, int min = 0, int max = 0)
    {
        const int Head = 9;
        int length = Head + (parts.Length * KeyBytes);
        byte[]? rented = length > LargestOnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> buffer = rented is null ? stackalloc byte[LargestOnStack] : rented;
        buffer[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(buffer[1..], min);
        BinaryPrimitives.WriteInt32LittleEndian(buffer[5..], max);
        for (int i = 0; i < parts.Length; i++)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(buffer[(Head + (i * KeyBytes))..], parts[i].Key);
        }

        UInt128 hash = XxHash128.HashToUInt128(buffer[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return hash;
    }

    /// <remarks>Every value is written out: the bytes of a struct in memory have gaps between the fields, which may hold anything.</remarks>
    private protected static UInt128 Hash(byte kind, UInt128 first, UInt128 second = default, long third = 0)
    {
        Span<byte> buffer = stackalloc byte[41];
        buffer[0] = kind;
        BinaryPrimitives.WriteUInt128LittleEndian(buffer[1..], first);
        BinaryPrimitives.WriteUInt128LittleEndian(buffer[17..], second);
        BinaryPrimitives.WriteInt64LittleEndian(buffer[33..], third);
        return XxHash128.HashToUInt128(buffer);
    }
}
