using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tests.Constraints.Oracle;

namespace LlamaProvider.Decoding.Tests.Model;

public sealed class TokenTrieTests
{
    [Fact]
    public void Create_RandomVocabularies_FindsEveryTextTokenOnce()
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            Vocabulary vocabulary = RandomVocabulary.Create(random, 3);
            var trie = new TokenTrie(vocabulary);
            var found = new Dictionary<int, byte[]>();
            Collect(trie, TokenTrie.Root, [], found);

            foreach ((int first, int other) in trie.Twins)
            {
                Assert.Equal(vocabulary.GetBytes(first).ToArray(), vocabulary.GetBytes(other).ToArray());
                Assert.True(first < other);
                found.Add(other, found[first]);
            }

            Assert.Equal(Enumerable.Range(0, vocabulary.Count).Where(token => vocabulary.IsText(token) && !vocabulary.GetBytes(token).IsEmpty), found.Keys.Order());
            Assert.All(found, pair => Assert.Equal(vocabulary.GetBytes(pair.Key).ToArray(), pair.Value));
            Assert.Equal(vocabulary.Count, trie.TokenCount);
        }
    }

    private static void Collect(TokenTrie trie, int node, byte[] text, Dictionary<int, byte[]> found)
    {
        (int start, int end) = trie.Below(node);
        int last = -1;
        for (int child = start; child < end; child += TokenTrie.SizeOf(trie.Nodes[child]))
        {
            ulong word = trie.Nodes[child];
            Assert.True(TokenTrie.ByteOf(word) > last, "Children are in the order of their bytes.");
            last = TokenTrie.ByteOf(word);
            byte[] longer = [.. text, TokenTrie.ByteOf(word)];
            if (TokenTrie.TokenOf(word) >= 0)
            {
                found.Add(TokenTrie.TokenOf(word), longer);
            }

            Collect(trie, child, longer, found);
        }
    }
}
