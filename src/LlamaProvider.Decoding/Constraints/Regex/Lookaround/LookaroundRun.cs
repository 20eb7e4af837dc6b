using System.Buffers.Binary;
using System.IO.Hashing;
using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.Regex.Lookaround;

/// <summary>One way in which a text may have come to a place in a graph.</summary>
/// <param name="Residue">What is still to be read of the step that is being read.</param>
/// <param name="Target">Where the graph goes on after that.</param>
/// <param name="Ahead">What the rest of the text is asked for, on top.</param>
/// <param name="Duties">Graphs that the rest of the text is asked for, on top, ordered by key.</param>
internal sealed record LookaroundThread(ByteExpression Residue, int Target, ByteExpression Ahead, LookaroundDuty[] Duties);

/// <summary>A graph that the rest of the text must be accepted by, or must not.</summary>
internal readonly record struct LookaroundDuty(LookaroundRun Run, bool IsNegated);

/// <summary>All the ways at once: the rest of the text is accepted when it is on any of them.</summary>
internal sealed class LookaroundRun
{
    private LookaroundRun(LookaroundThread[] threads, bool isTrue, UInt128 key)
    {
        Threads = threads;
        IsTrue = isTrue;
        Key = key;
    }

    public IReadOnlyList<LookaroundThread> Threads { get; }

    /// <summary>Whether every rest is accepted.</summary>
    public bool IsTrue { get; }

    /// <summary>Whether no rest is accepted.</summary>
    public bool IsFalse => Threads.Count == 0;

    /// <summary>A hash of the threads.</summary>
    public UInt128 Key { get; }

    /// <param name="threads">Ordered, the same for the same set of threads.</param>
    /// <param name="isTrue">Whether every rest is accepted.</param>
    public static LookaroundRun Of(LookaroundThread[] threads, bool isTrue)
    {
        var hash = new XxHash128();
        Span<byte> buffer = stackalloc byte[48];
        foreach (LookaroundThread thread in threads)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(buffer, thread.Residue.Key);
            BinaryPrimitives.WriteUInt128LittleEndian(buffer[16..], thread.Ahead.Key);
            BinaryPrimitives.WriteInt32LittleEndian(buffer[32..], thread.Target);
            BinaryPrimitives.WriteInt32LittleEndian(buffer[36..], thread.Duties.Length);
            hash.Append(buffer[..40]);
            foreach (LookaroundDuty duty in thread.Duties)
            {
                BinaryPrimitives.WriteUInt128LittleEndian(buffer, duty.Run.Key);
                buffer[16] = duty.IsNegated ? (byte)1 : (byte)0;
                hash.Append(buffer[..17]);
            }
        }

        return new LookaroundRun(threads, isTrue, hash.GetCurrentHashAsUInt128());
    }
}
