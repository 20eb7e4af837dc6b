using System.Collections.Immutable;
using System.Text;

namespace LlamaProvider.Decoding.Stopping;

/// <summary>
/// Finds the first of several stop sequences in a stream of bytes, wherever token borders fall.
/// </summary>
/// <remarks>
/// The automaton of Aho and Corasick (1975) over bytes, with the failure links resolved into a full transition table: one lookup a byte. Its state is one
/// number, so forking and rolling back a sequence costs nothing. The state's depth is the length of the longest tail of the text that may still grow into a
/// stop sequence, which is exactly what a stream has to hold back. Immutable and safe for concurrent use.
/// </remarks>
internal sealed class StopSequences
{
    private readonly int[] _next;
    private readonly int[] _depth;
    private readonly int[] _matched;

    public StopSequences(IEnumerable<string> sequences)
    {
        Texts = [.. sequences];
        var transitions = new List<int[]> { NewNode() };
        var depth = new List<int> { 0 };
        var matched = new List<int> { -1 };
        for (int index = 0; index < Texts.Length; index++)
        {
            int node = 0;
            foreach (byte value in Encoding.UTF8.GetBytes(Texts[index]))
            {
                if (transitions[node][value] < 0)
                {
                    transitions[node][value] = transitions.Count;
                    transitions.Add(NewNode());
                    depth.Add(depth[node] + 1);
                    matched.Add(-1);
                }

                node = transitions[node][value];
            }

            matched[node] = matched[node] < 0 ? index : matched[node];
        }

        ResolveFailures(transitions, matched);
        _next = [.. transitions.SelectMany(row => row)];
        _depth = [.. depth];
        _matched = [.. matched];
    }

    /// <summary>The state before any text.</summary>
    public const int Start = 0;

    public ImmutableArray<string> Texts { get; }

    /// <summary>The state after one more byte.</summary>
    public int Advance(int state, byte value) => _next[(state << 8) | value];

    /// <summary>Bytes at the end of the text that may be the beginning of a stop sequence.</summary>
    public int PendingBytes(int state) => _depth[state];

    /// <summary>Whether the text ends with a stop sequence, and with which one.</summary>
    public bool IsMatch(int state, out int index)
    {
        index = _matched[state];
        return index >= 0;
    }

    private static int[] NewNode()
    {
        int[] node = new int[256];
        Array.Fill(node, -1);
        return node;
    }

    private static void ResolveFailures(List<int[]> transitions, List<int> matched)
    {
        int[] failure = new int[transitions.Count];
        var queue = new Queue<int>();
        for (int value = 0; value < 256; value++)
        {
            int child = transitions[0][value];
            transitions[0][value] = Math.Max(child, 0);
            if (child > 0)
            {
                queue.Enqueue(child);
            }
        }

        while (queue.TryDequeue(out int node))
        {
            matched[node] = matched[node] < 0 ? matched[failure[node]] : matched[node];
            for (int value = 0; value < 256; value++)
            {
                int fallback = transitions[failure[node]][value];
                int child = transitions[node][value];
                if (child < 0)
                {
                    transitions[node][value] = fallback;
                }
                else
                {
                    failure[child] = fallback;
                    queue.Enqueue(child);
                }
            }
        }
    }
}
