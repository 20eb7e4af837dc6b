using LlamaProvider.Decoding.Constraints.Completions;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>What all constraints over one vocabulary share: its tries, and the masks that mean the same in every grammar. Safe for concurrent use.</summary>
internal sealed class ConstraintVocabulary
{
    /// <summary>Parts of every vocabulary.</summary>
    public const int PartCount = 2;

    private const int KeptCosts = 256;

    private readonly Lazy<ConstraintVocabulary> _withTokenReferences;
    private readonly Lazy<TokenTrie> _trie;

    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="masks">The most shared masks kept for each part; each takes a bit a token.</param>
    /// <param name="longestCommon">Bytes of the longest tokens of the first part: few real tokens have more than 16.</param>
    /// <param name="searchedNodes">See <see cref="Subtrees.LeastNodes"/>.</param>
    public ConstraintVocabulary(Vocabulary vocabulary, int masks = 4096, int longestCommon = 16, int searchedNodes = 4096)
        : this(vocabulary, masks, longestCommon, searchedNodes, new TokenTrie(vocabulary, longest: longestCommon), new TokenTrie(vocabulary, shortest: longestCommon + 1))
    {
    }

    private ConstraintVocabulary(Vocabulary vocabulary, int masks, int longestCommon, int searchedNodes, TokenTrie common, TokenTrie @long)
    {
        Vocabulary = vocabulary;
        Lengths = new TokenLengths(vocabulary);
        _trie = new Lazy<TokenTrie>(() => new TokenTrie(vocabulary));
        Parts = [PartOf(0, common, masks, searchedNodes), PartOf(1, @long, masks, searchedNodes)];
        Twins = [.. common.Twins, .. @long.Twins];
        EntryCount = common.EntryCount;
        _withTokenReferences = new Lazy<ConstraintVocabulary>(() => HasTokenReferences ? this : new ConstraintVocabulary(
            vocabulary,
            masks,
            longestCommon,
            searchedNodes,
            TokenTrie.WithReferences(vocabulary, longest: longestCommon),
            TokenTrie.WithReferences(vocabulary, shortest: longestCommon + 1)));
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>The text tokens of all lengths.</summary>
    public TokenTrie Trie => _trie.Value;

    /// <summary>The words and sentences of the tokens.</summary>
    public TokenLengths Lengths { get; }

    /// <summary>The tokens by length: common ones, and long ones.</summary>
    public IReadOnlyList<VocabularyPart> Parts { get; }

    /// <summary>What tokens cost under a budget, where that is the same in every grammar.</summary>
    public LexemeCache<TokenCosts> Costs { get; } = new(KeptCosts);

    /// <summary>See <see cref="TokenTrie.Twins"/>.</summary>
    public IReadOnlyList<(int First, int Other)> Twins { get; }

    /// <summary>See <see cref="TokenTrie.EntryCount"/>.</summary>
    public int EntryCount { get; }

    /// <summary>Whether tokens can be met by number (<see cref="TokenReference"/>), not only by text.</summary>
    public bool HasTokenReferences => EntryCount > Vocabulary.Count;

    /// <summary>The same with token references. It has tries of its own, made when a grammar first needs them, since they are twice as large.</summary>
    public ConstraintVocabulary WithTokenReferences => _withTokenReferences.Value;

    private static VocabularyPart PartOf(int index, TokenTrie trie, int masks, int searchedNodes)
    {
        Subtrees? subtrees = trie.Nodes.Length < searchedNodes || trie.LongestToken > Subtrees.Longest ? null : new Subtrees(trie, searchedNodes);
        return new VocabularyPart(index, trie, subtrees, new LexemeCache<LocalMask>(masks), new LocalMasks(masks), new SpareMasks(trie.EntryCount));
    }
}

/// <summary>The tokens of some lengths, and the masks over them that mean the same in every grammar.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Trie">The tokens.</param>
/// <param name="Subtrees">What the tokens are made of; <see langword="null"/> where they are so few that looking at all of them is sooner done, or too long.</param>
/// <param name="Masks">The masks by language.</param>
/// <param name="Local">The masks by content.</param>
/// <param name="Spare">Masks to work with.</param>
internal sealed record VocabularyPart(int Index, TokenTrie Trie, Subtrees? Subtrees, LexemeCache<LocalMask> Masks, LocalMasks Local, SpareMasks Spare);
