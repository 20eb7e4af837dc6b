using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>What all constraints over one vocabulary share: its trie, and the masks that mean the same in every grammar. Safe for concurrent use.</summary>
internal sealed class ConstraintVocabulary
{
    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="masks">The most shared masks kept; each takes a bit a token.</param>
    public ConstraintVocabulary(Vocabulary vocabulary, int masks = 4096)
    {
        Vocabulary = vocabulary;
        Trie = new TokenTrie(vocabulary);
        Masks = new LexemeMasks(Trie, masks);
        Lengths = new TokenLengths(vocabulary);
    }

    public Vocabulary Vocabulary { get; }

    public TokenTrie Trie { get; }

    public LexemeMasks Masks { get; }

    /// <summary>The words and sentences of the tokens.</summary>
    public TokenLengths Lengths { get; }
}
