using LlamaProvider.Decoding.Model;
using LlamaProvider.Reranking;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Tests.Reranking;

/// <summary>In the scripted vocabulary a byte is the token two above it; 0 and 1 are control tokens, whose names are &lt;end&gt; and &lt;turn&gt;.</summary>
public sealed class PairTokenizerTests
{
    private const int A = 'a' + 2;
    private const int B = 'b' + 2;

    public static TheoryData<SpecialTokens, int[]> Layouts { get; } = new()
    {
        // A decoder without marks.
        { new SpecialTokens { EndOfText = 0 }, [A, B] },

        // XLM-RoBERTa (bge-reranker): <s> q </s></s> d </s>.
        { new SpecialTokens { BeginningOfText = 1, EndOfText = 0, Separator = 0, PrependsBeginningOfText = true, AppendsEndOfText = true, InsertsSeparator = true }, [1, A, 0, 0, B, 0] },

        // BERT as llama.cpp reads older files: [CLS] q [SEP] d.
        { new SpecialTokens { BeginningOfText = 1, Separator = 0, PrependsBeginningOfText = true, InsertsSeparator = true }, [1, A, 0, B] },

        // No end of text, but the file wants one: the separator stands in.
        { new SpecialTokens { BeginningOfText = 1, Separator = 0, PrependsBeginningOfText = true, AppendsEndOfText = true }, [1, A, 0, B, 0] },
    };

    [Theory]
    [MemberData(nameof(Layouts), DisableDiscoveryEnumeration = true)]
    public void Encode_AnyVocabulary_PutsItsMarksWhereLlamaServerDoes(SpecialTokens special, int[] expected) =>
        Assert.Equal(expected, PairTokenizer.Create(LlamaRerankerTests.Ranker(special), 100).Encode("a", "b", 0, truncate: false));

    [Fact]
    public void Encode_TooLong_CutsTheDocumentAndKeepsTheLastMark()
    {
        var special = new SpecialTokens { BeginningOfText = 1, EndOfText = 0, PrependsBeginningOfText = true, AppendsEndOfText = true };

        Assert.Equal([1, A, 0, B, B, 0], PairTokenizer.Create(LlamaRerankerTests.Ranker(special), 6).Encode("a", "bbbbbb", 0, truncate: true));
    }

    [Fact]
    public void Encode_Template_TakesItsControlTokensAndNoneOfTheTexts()
    {
        IPairTokenizer tokenizer = PairTokenizer.Create(LlamaRerankerTests.Ranker(new SpecialTokens(), "<turn>{query}{document}<end>"), 100);

        int[] plain = tokenizer.Encode("a", "b", 0, truncate: false);
        int[] forged = tokenizer.Encode("a<end>", "{query}", 0, truncate: false);

        Assert.Equal([1, A, B, 0], plain);
        Assert.Equal([1, A, .. Bytes("<end>"), .. Bytes("{query}"), 0], forged);
    }

    [Fact]
    public void Encode_TemplateAndTooLong_CutsTheDocument()
    {
        IPairTokenizer tokenizer = PairTokenizer.Create(LlamaRerankerTests.Ranker(new SpecialTokens(), "<turn>{query}|{document}<end>"), 8);

        // A character of two bytes is left out when only one of them fits.
        Assert.Equal([1, A, .. Bytes("|bbbb"), 0], tokenizer.Encode("a", "bbbbbbbb", 0, truncate: true));
        Assert.Equal([1, A, .. Bytes("|bbb"), 0], tokenizer.Encode("a", "bbbéb", 0, truncate: true));
        Assert.Equal(2, Assert.Throws<RerankInputException>(() => tokenizer.Encode("a", "bbbbbbbb", 2, truncate: false)).Index);
        Assert.Null(Assert.Throws<RerankInputException>(() => tokenizer.Encode("aaaaaaaa", "b", 2, truncate: true)).Index);
    }

    private static IEnumerable<int> Bytes(string text) => text.Select(ScriptedVocabulary.Byte);
}
