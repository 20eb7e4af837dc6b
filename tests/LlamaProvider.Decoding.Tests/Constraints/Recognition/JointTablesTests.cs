using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Recognition;

public sealed class JointTablesTests
{
    private static readonly Vocabulary Vocabulary = ScriptedVocabulary.Bytes("ab", "abc", "b\"", "a\":", "ba\"x", "cat", "ca", "t\"", "cats", "\"\"");
    private static readonly JointPlace Start = Make();

    [Fact]
    public void Of_EveryToken_LeadsWhereItsBytesLead()
    {
        ConstraintVocabulary vocabulary = new(Vocabulary);
        JointTable table = Tables(vocabulary.Trie).Of(Start)!;
        int stays = 0;
        for (int token = 0; token < Vocabulary.Count; token++)
        {
            JointPlace? expected = Vocabulary.IsText(token) ? Follow(Vocabulary.GetBytes(token)) : null;
            JointPlace?[] found = [.. table.Places.Where(entry => Has(entry.Tokens, token)).Select(entry => (JointPlace?)entry.Place)];

            Assert.Equal(expected is null ? [] : [expected], found);
            stays += found.Length;
        }

        Assert.True(stays > 30, $"Only {stays} tokens go on.");
        Assert.True(table.Places.Length > 4, "The phrase is hardly begun.");
    }

    [Fact]
    public void Of_NodesBehindTheQuotationMark_AreExits()
    {
        ConstraintVocabulary vocabulary = new(Vocabulary);
        JointTable table = Tables(vocabulary.Trie).Of(Start)!;

        Assert.Equal(["\"", "a\"", "ba\""], table.Exits.Select(exit => System.Text.Encoding.UTF8.GetString(vocabulary.Trie.PathTo(exit.Node))).Order(StringComparer.Ordinal));
        Assert.All(table.Exits, exit => Assert.Equal(Follow(vocabulary.Trie.PathTo(exit.Node)), exit.Place));
    }

    [Fact]
    public void Of_TooManyPlaces_IsNoTableAndSpoilsNoOther()
    {
        ConstraintVocabulary vocabulary = new(Vocabulary);
        JointTables tables = Tables(vocabulary.Trie, mostPlaces: 4);

        Assert.Null(tables.Of(Start));
        Assert.Empty(tables.Of(Follow("cat\""u8)!.Value)!.Places);
    }

    /// <summary>Letters and a quotation mark, beside a language whose texts do not contain "cats" and tell where "cat" was said.</summary>
    private static JointPlace Make()
    {
        var algebra = new ByteAlgebra();
        ByteExpression letters = algebra.Repetition(algebra.Bytes(ByteSet.Range((byte)'a', (byte)'z')));
        ByteExpression name = algebra.Sequence(letters, algebra.Text("\""u8));
        ByteExpression said = algebra.Sequence(algebra.Anything, algebra.Text("cat"u8), algebra.Anything);
        ByteExpression never = algebra.Complement(algebra.Sequence(algebra.Anything, algebra.Text("cats"u8), algebra.Anything));
        return new JointPlace(StateOf(algebra, name), Classes: null, StateOf(algebra, algebra.Intersection(said, never)));
    }

    private static LexemeState StateOf(ByteAlgebra algebra, ByteExpression language) => new ByteAutomaton(algebra, new Liveness(algebra), language).Start!;

    private static JointTables Tables(TokenTrie trie, int mostPlaces = 512) => new(trie, new SpareMasks(trie.EntryCount), mostPlaces);

    private static JointPlace? Follow(ReadOnlySpan<byte> text)
    {
        JointPlace? place = Start;
        foreach (byte value in text)
        {
            place = place?.Step(value);
        }

        return place;
    }

    private static bool Has(TokenSet tokens, int token)
    {
        var mask = new TokenMask(Vocabulary.Count);
        tokens.AddTo(mask);
        return mask[token];
    }
}
