using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Lengths;

/// <summary>One way to complete a text. Immutable.</summary>
internal sealed class Completion
{
    /// <summary>Stands for more tokens than any limit has.</summary>
    public const int Unwritable = int.MaxValue / 4;

    private readonly byte[] _text;

    // What begins at each byte and what is behind the last one; found together, since each is found from those behind it.
    private readonly int[] _fewest;
    private readonly int _start;

    private Completion(byte[] text, int[] fewest, int start)
    {
        _text = text;
        _fewest = fewest;
        _start = start;
    }

    /// <summary>For a text that is complete.</summary>
    public static Completion Empty { get; } = new([], [0], 0);

    /// <summary>The bytes that complete it.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(_start);

    /// <summary>The fewest tokens that write them; <see cref="Unwritable"/> when the vocabulary cannot.</summary>
    public int Tokens => _fewest[_start];

    /// <param name="text">The bytes; not copied.</param>
    /// <param name="trie">The tokens.</param>
    public static Completion Of(byte[] text, TokenTrie trie) => text.Length == 0 ? Empty : new Completion(text, CountTokens(text, trie), 0);

    /// <summary>What is left of it after its first bytes.</summary>
    public Completion After(int length) => new(_text, _fewest, _start + length);

    /// <summary>The tokens of <see cref="After"/>.</summary>
    public int TokensAfter(int length) => _fewest[_start + length];

    private static int[] CountTokens(byte[] text, TokenTrie trie)
    {
        int[] fewest = new int[text.Length + 1];
        for (int start = text.Length - 1; start >= 0; start--)
        {
            fewest[start] = Unwritable;
            int node = TokenTrie.Root;
            for (int end = start; end < text.Length; end++)
            {
                node = trie.Child(node, text[end]);
                if (node < 0)
                {
                    break;
                }

                if (TokenTrie.TokenOf(trie.Nodes[node]) >= 0)
                {
                    fewest[start] = Math.Min(fewest[start], fewest[end + 1] + 1);
                }
            }

            fewest[start] = Math.Min(fewest[start], Unwritable);
        }

        return fewest;
    }
}

/// <summary>Knows for every text one way to complete it.</summary>
/// <remarks>
/// <b>Consistent.</b> When w completes the text x, and w begins with v, then the completion of xv is the rest of w. So a sequence that holds what its completion needs in
/// reserve can always follow it, whatever is counted: tokens, words, sentences.
/// </remarks>
internal interface ICompletionPolicy
{
    /// <summary>The completion of the text that led to the threads; <see langword="null"/> when it was not found within reasonable work.</summary>
    Completion? Complete(ReadOnlySpan<RecognizerThread> threads);
}
