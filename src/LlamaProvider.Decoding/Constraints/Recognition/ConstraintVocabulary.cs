using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>What all constraints over one vocabulary share: its trie, and the masks that mean the same in every grammar. Safe for concurrent use.</summary>
internal sealed class ConstraintVocabulary
{
    private readonly Lazy<ConstraintVocabulary> _withTokenReferences;

    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="masks">The most shared masks kept; each takes a bit a token.</param>
    public ConstraintVocabulary(Vocabulary vocabulary, int masks = 4096)
        : this(vocabulary, masks, new TokenTrie(vocabulary))
    {
    }

    private ConstraintVocabulary(Vocabulary vocabulary, int masks, TokenTrie trie)
    {
        Vocabulary = vocabulary;
        Trie = trie;
        Masks = new LexemeMasks(trie, masks);
        _withTokenReferences = new Lazy<ConstraintVocabulary>(() =>
            HasTokenReferences ? this : new ConstraintVocabulary(vocabulary, masks, TokenTrie.WithReferences(vocabulary)));
    }

    /// <summary>Whether tokens can be met by number (<see cref="TokenReference"/>), not only by text.</summary>
    public bool HasTokenReferences => Trie.EntryCount > Vocabulary.Count;

    /// <summary>The same with token references. It has a trie of its own, made when a grammar first needs it, since it is twice as large.</summary>
    public ConstraintVocabulary WithTokenReferences => _withTokenReferences.Value;

    public Vocabulary Vocabulary { get; }

    public TokenTrie Trie { get; }

    public LexemeMasks Masks { get; }
}
