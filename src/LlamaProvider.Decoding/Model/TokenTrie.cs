using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Model;

/// <summary>
/// The text tokens of a vocabulary as a trie over their bytes, in one array: a node's subtree follows it, so a walk that skips a subtree adds its size, and one that
/// does not goes on to the next word.
/// </summary>
/// <remarks>Immutable. A node is one word: its byte (8 bits), the size of its subtree with itself (24 bits), its token + 1 or 0 (32 bits).</remarks>
internal sealed class TokenTrie
{
    /// <summary>Stands for the root, whose subtree is the whole array.</summary>
    public const int Root = -1;

    /// <summary>Stands for a node that does not exist.</summary>
    public const int None = -2;

    /// <summary>Children from which on a node's are found by a table.</summary>
    private const int WideNode = 16;

    private const int MaxNodes = (1 << 24) - 1;

    private readonly ulong[] _nodes;
    private readonly Dictionary<int, int[]> _wide;

    /// <param name="vocabulary">Its tokens that are text and not empty enter the trie.</param>
    /// <param name="shortest">Bytes of the shortest tokens that do.</param>
    /// <param name="longest">Bytes of the longest tokens that do.</param>
    /// <exception cref="ArgumentException">The vocabulary has more than 16,777,215 distinct prefixes.</exception>
    public TokenTrie(Vocabulary vocabulary, int shortest = 1, int longest = int.MaxValue)
        : this(
            [.. Enumerable.Range(0, vocabulary.Count).Where(token => vocabulary.IsText(token) && IsWithin(vocabulary.GetBytes(token).Length, shortest, longest))],
            vocabulary.GetBytes,
            vocabulary)
    {
        EntryCount = vocabulary.Count;
    }

    private TokenTrie(int[] entries, BytesOf bytesOf, Vocabulary vocabulary)
    {
        Array.Sort(entries, (left, right) => bytesOf(left).SequenceCompareTo(bytesOf(right)) is var order and not 0 ? order : left - right);
        var nodes = new List<ulong>(entries.Length * 2);
        var open = new List<int>();
        var twins = new List<(int, int)>();
        ReadOnlySpan<byte> previous = [];
        foreach (int token in entries)
        {
            ReadOnlySpan<byte> bytes = bytesOf(token);
            int shared = previous.CommonPrefixLength(bytes);
            Close(nodes, open, shared);
            foreach (byte value in bytes[shared..])
            {
                open.Add(nodes.Count);
                nodes.Add(value);
            }

            if (TokenOf(nodes[open[^1]]) is var first and >= 0)
            {
                twins.Add((first, token));
            }
            else
            {
                nodes[open[^1]] |= (ulong)(token + 1) << 32;
            }

            previous = bytes;
        }

        Close(nodes, open, 0);
        if (nodes.Count > MaxNodes)
        {
            throw new ArgumentException($"The tokens have {nodes.Count:N0} distinct prefixes; a trie holds at most {MaxNodes:N0}.", nameof(vocabulary));
        }

        _nodes = [.. nodes];
        _wide = Enumerable.Range(Root, _nodes.Length + 1).Where(IsWide).ToDictionary(node => node, ChildrenOf);
        Twins = [.. twins];
        TokenCount = vocabulary.Count;
        LongestToken = entries.Length == 0 ? 0 : entries.Max(entry => bytesOf(entry).Length);
    }

    private delegate ReadOnlySpan<byte> BytesOf(int entry);

    /// <summary>The nodes, depth first, children in the order of their bytes.</summary>
    public ReadOnlySpan<ulong> Nodes => _nodes;

    /// <summary>Tokens of the vocabulary, text or not.</summary>
    public int TokenCount { get; }

    /// <summary>
    /// Numbers that a node's token may have. With references they are twice the tokens: <see cref="TokenCount"/> + t is token t met by its number, not by its text.
    /// </summary>
    public int EntryCount { get; private init; }

    /// <summary>Bytes of the longest token.</summary>
    public int LongestToken { get; }

    /// <summary>Tokens that stand for the same bytes as another: the one in the trie, and the other.</summary>
    public IReadOnlyList<(int First, int Other)> Twins { get; }

    /// <summary>
    /// A trie in which tokens are found by text and by number (<see cref="TokenReference"/>). Tokens that end a generation are not in it, nor is text with the mark of
    /// a reference, which is no UTF-8.
    /// </summary>
    public static TokenTrie WithReferences(Vocabulary vocabulary, int shortest = 1, int longest = int.MaxValue)
    {
        byte[] references = new byte[vocabulary.Count * TokenReference.Length];
        var entries = new List<int>();
        for (int token = 0; token < vocabulary.Count; token++)
        {
            TokenReference.Write(token, references.AsSpan(token * TokenReference.Length));
            ReadOnlySpan<byte> bytes = vocabulary.GetBytes(token);
            if (!bytes.IsEmpty && !vocabulary.IsEndOfGeneration(token) && IsWithin(TokenReference.Length, shortest, longest))
            {
                entries.Add(vocabulary.Count + token);
            }

            if (vocabulary.IsText(token) && IsWithin(bytes.Length, shortest, longest) && !bytes.Contains(TokenReference.Mark))
            {
                entries.Add(token);
            }
        }

        return new TokenTrie(
            [.. entries],
            entry => entry < vocabulary.Count
                ? vocabulary.GetBytes(entry)
                : references.AsSpan((entry - vocabulary.Count) * TokenReference.Length, TokenReference.Length),
            vocabulary)
        {
            EntryCount = 2 * vocabulary.Count,
        };
    }

    public static byte ByteOf(ulong node) => (byte)node;

    /// <summary>Nodes of the subtree, its top included.</summary>
    public static int SizeOf(ulong node) => (int)(node >> 8) & MaxNodes;

    /// <summary>The token that ends at the node; negative when none does.</summary>
    public static int TokenOf(ulong node) => (int)(node >> 32) - 1;

    /// <summary>The nodes below a node, which may be <see cref="Root"/>.</summary>
    public (int Start, int End) Below(int node) => node == Root ? (0, _nodes.Length) : (node + 1, node + SizeOf(_nodes[node]));

    /// <summary>The child of a node, which may be <see cref="Root"/>, with a byte; <see cref="None"/> when there is none.</summary>
    public int Child(int node, byte value)
    {
        if ((node == Root || SizeOf(_nodes[node]) > WideNode) && _wide.TryGetValue(node, out int[]? children))
        {
            return children[value];
        }

        (int child, int end) = Below(node);
        while (child < end && ByteOf(_nodes[child]) < value)
        {
            child += SizeOf(_nodes[child]);
        }

        return child < end && ByteOf(_nodes[child]) == value ? child : None;
    }

    /// <summary>Whether one of the bytes is below a node.</summary>
    public bool HasBelow(int node, ByteSet bytes)
    {
        (int start, int end) = Below(node);
        foreach (ulong below in _nodes.AsSpan(start, end - start))
        {
            if (bytes.Contains(ByteOf(below)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a token begins with a text and goes on with one of the bytes.</summary>
    public bool HasToken(ReadOnlySpan<byte> text, ByteSet next)
    {
        int node = Root;
        for (int i = 0; i < text.Length && node != None; i++)
        {
            node = Child(node, text[i]);
        }

        if (node == None)
        {
            return false;
        }

        (int child, int end) = Below(node);
        while (child < end && !next.Contains(ByteOf(_nodes[child])))
        {
            child += SizeOf(_nodes[child]);
        }

        return child < end;
    }

    /// <summary>The bytes that lead from the root to a node.</summary>
    public byte[] PathTo(int node)
    {
        var path = new List<byte>();
        int top = Root;
        while (top != node)
        {
            (top, _) = Below(top);
            while (top + SizeOf(_nodes[top]) <= node)
            {
                top += SizeOf(_nodes[top]);
            }

            path.Add(ByteOf(_nodes[top]));
        }

        return [.. path];
    }

    private bool IsWide(int node)
    {
        int count = 0;
        (int child, int end) = Below(node);
        for (; child < end && count < WideNode; child += SizeOf(_nodes[child]))
        {
            count++;
        }

        return count == WideNode;
    }

    private int[] ChildrenOf(int node)
    {
        var children = new int[256];
        Array.Fill(children, None);
        (int child, int end) = Below(node);
        for (; child < end; child += SizeOf(_nodes[child]))
        {
            children[ByteOf(_nodes[child])] = child;
        }

        return children;
    }

    private static bool IsWithin(int length, int shortest, int longest) => length >= shortest && length <= longest;

    private static void Close(List<ulong> nodes, List<int> open, int depth)
    {
        for (int i = open.Count - 1; i >= depth; i--)
        {
            nodes[open[i]] |= (ulong)(nodes.Count - open[i]) << 8;
        }

        open.RemoveRange(depth, open.Count - depth);
    }
}
