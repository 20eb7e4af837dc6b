using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Lengths;

/// <summary>One way to complete a text.</summary>
/// <param name="Text">The bytes that complete it.</param>
/// <param name="Tokens">The fewest tokens that write them; <see cref="Unwritable"/> when the vocabulary cannot.</param>
internal sealed record Completion(byte[] Text, int Tokens)
{
    /// <summary>Stands for more tokens than any limit has.</summary>
    public const int Unwritable = int.MaxValue / 4;

    /// <summary>For a text that is complete.</summary>
    public static Completion Empty { get; } = new([], 0);

    public static Completion Of(byte[] text, TokenTrie trie) => text.Length == 0 ? Empty : new Completion(text, CountTokens(text, trie));

    /// <summary>What is left of it after its first bytes.</summary>
    public Completion After(int length, TokenTrie trie) => Of(Text[length..], trie);

    private static int CountTokens(byte[] text, TokenTrie trie)
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
        }

        return Math.Min(fewest[0], Unwritable);
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
