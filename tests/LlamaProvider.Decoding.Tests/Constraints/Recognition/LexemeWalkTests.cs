using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Tests.Constraints.Recognition;

/// <summary>Passing over what is sure changes nothing: tokens and exits are those that one finds by following the bytes of every node.</summary>
public sealed class LexemeWalkTests
{
    private const string Signs = "abcxyz  ABZ019_-./:é\"\\\n";

    private readonly ByteAlgebra _algebra = new();
    private readonly Random _random = new(7);

    [Fact]
    public void Run_RandomLanguages_FindsWhatEveryNodesBytesLeadTo()
    {
        int sure = 0;
        for (int round = 0; round < 300; round++)
        {
            VocabularyPart part = new ConstraintVocabulary(RandomVocabulary(), longestCommon: 12, searchedNodes: 1).Parts[0];
            ByteExpression language = RandomLanguage(3);
            if (StartOf(language) is not { } state)
            {
                continue;
            }

            // At the start and behind some text, where counts are smaller.
            for (int step = 0; step < 6; step++)
            {
                SureTexts texts = new SureTextSearch().TextsAfter(state, part.Trie.LongestToken);
                AssertSure(part.Trie, state, texts);
                AssertWalk(part, state, $"round {round}, step {step}, {texts}");
                sure += texts.Kinds != 0 && texts.Length > 1 ? 1 : 0;
                byte[] next = [.. Encoding.UTF8.GetBytes(Signs).Distinct().Where(value => state.Step(value) is not null)];
                if (next.Length == 0)
                {
                    break;
                }

                state = state.Step(next[_random.Next(next.Length)])!;
            }
        }

        Assert.True(sure > 300, $"Only {sure} states had sure texts.");
    }

    [Fact]
    public void Run_MoreStatesThanAreNumbered_FindsTheRestByTheirObjects()
    {
        string[] words = [.. Enumerable.Range(0, 400).Select(_ => RandomWord(6)).Distinct()];
        Vocabulary vocabulary = new([.. words.Select(word => new VocabularyEntry(Encoding.UTF8.GetBytes(word[..5] + RandomWord(4))))], new SpecialTokens());
        VocabularyPart part = new ConstraintVocabulary(vocabulary, longestCommon: 12, searchedNodes: 1).Parts[0];
        ByteExpression any = _algebra.Repetition(_algebra.Bytes(Letters));
        ByteExpression forbidden = _algebra.Sequence(any, _algebra.Words(new WordList(words.Select(Encoding.UTF8.GetBytes))), any, _algebra.Text("\""u8));
        LexemeState start = StartOf(_algebra.Intersection(_algebra.Sequence(any, _algebra.Text("\""u8)), _algebra.Complement(forbidden)))!;
        int states = Enumerable.Range(0, part.Trie.Nodes.Length).Select(node => start.Step(part.Trie.PathTo(node))).Distinct().Count();

        Assert.True(states > 300, $"Only {states} states.");
        Assert.NotEqual(0, new SureTextSearch().TextsAfter(start, part.Trie.LongestToken).Kinds);
        AssertWalk(part, start, "many states");
    }

    [Fact]
    public void Parts_VeryLongTokens_AreWalkedOneByOne()
    {
        var vocabulary = new Vocabulary([new VocabularyEntry(new byte[100_000]), new VocabularyEntry("a"u8.ToArray())], new SpecialTokens());

        Assert.Equal([true, false], new ConstraintVocabulary(vocabulary, searchedNodes: 1).Parts.Select(part => part.Subtrees is not null));
    }

    [Fact]
    public void TextsAfter_String_AreOfAllThatNeedsNoEscape()
    {
        SureTexts texts = SearchAt(Text(ByteSet.Range(0x20, 0x7E) & ~ByteSet.Of((byte)'"') & ~ByteSet.Of((byte)'\\')));

        Assert.Equal(SureTexts.Unlimited, texts.Length);
        Assert.All("azAZ09 _-./:"u8.ToArray(), value => Assert.NotEqual(default, texts.After(value)));
        Assert.All("\"\\\né"u8.ToArray(), value => Assert.Equal(default, texts.After(value)));
    }

    [Fact]
    public void TextsAfter_CountedString_AreAsLongAsTheCountAndNoLonger() =>
        Assert.Equal(new SureTexts((ushort)(ByteKinds.SetOf((byte)'a') | ByteKinds.SetOf((byte)'0')), 5, NoneIsLonger: true), SearchAt(Text(Letters | Digits, max: 5)));

    [Fact]
    public void TextsAfter_FewWordsLeft_AreOfNoSpacesAndOfAnyLength()
    {
        ByteExpression words = _algebra.Repetition(_algebra.Sequence(_algebra.Repetition(_algebra.Bytes(Letters), 1), _algebra.Text(" "u8)), 0, 2);
        SureTexts texts = SearchAt(_algebra.Sequence(_algebra.Bytes(Letters), words, _algebra.Repetition(_algebra.Bytes(Letters), 1), _algebra.Text("\""u8)), "a"u8);

        Assert.Equal(new SureTexts(ByteKinds.SetOf((byte)'a'), SureTexts.Unlimited), texts);
    }

    [Fact]
    public void TextsAfter_EndBehindALoop_MayBeLonger() => Assert.Equal(
        new SureTexts((ushort)(ByteKinds.SetOf((byte)'a') | ByteKinds.SetOf((byte)'0')), 1, NoneIsLonger: false),
        SearchAt(_algebra.Sequence(_algebra.Repetition(_algebra.Bytes(Digits)), _algebra.Bytes(Letters), _algebra.Text("\""u8))));

    [Fact]
    public void TextsAfter_VeryManyLanguagesAtOnce_AreNotSought()
    {
        ByteExpression[] patterns = [.. Enumerable.Range(0, 600).Select(index => _algebra.Sequence(_algebra.Repetition(_algebra.Bytes(Letters), 0, index + 1), _algebra.Text("\""u8)))];

        Assert.Equal(default, SearchAt(_algebra.Intersection(patterns)));
    }

    [Fact]
    public void TextsAfter_VeryLongSequence_AreThoseOfItsBeginning()
    {
        ByteExpression last = _algebra.Intersection(_algebra.Repetition(_algebra.Bytes(Letters), 1), _algebra.Repetition(_algebra.Bytes(Digits | Letters), 1));
        ByteExpression[] parts = [.. Enumerable.Range(0, 100_000).Select(index => _algebra.Bytes(index == 0 ? Letters : Digits)), last];

        Assert.Equal(new SureTexts(ByteKinds.SetOf((byte)'a'), 1, NoneIsLonger: true), SearchAt(_algebra.Sequence(parts)));
    }

    [Fact]
    public void TextsAfter_AlgebraThatIsHalfFull_AreNotSought()
    {
        var algebra = new ByteAlgebra(limit: 12);
        ByteExpression text = algebra.Sequence(algebra.Repetition(algebra.Bytes(Letters)), algebra.Text("\""u8));
        LexemeState state = new ByteAutomaton(algebra, new Liveness(algebra), text).Start!;

        Assert.False(state.Automaton.HasRoom);
        Assert.Equal(default, new SureTextSearch().TextsAfter(state, longest: 16));
    }

    [Fact]
    public void TextsAfter_LanguageThatMayEndAnywhere_AreNone() => Assert.Equal(default, SearchAt(_algebra.Anything));

    private static ByteSet Letters => ByteSet.Range((byte)'a', (byte)'z');

    private static ByteSet Digits => ByteSet.Range((byte)'0', (byte)'9');

    private ByteExpression Text(ByteSet bytes, int max = int.MaxValue) => _algebra.Sequence(_algebra.Repetition(_algebra.Bytes(bytes), 0, max), _algebra.Text("\""u8));

    private LexemeState? StartOf(ByteExpression language) => new ByteAutomaton(_algebra, new Liveness(_algebra), language).Start;

    private SureTexts SearchAt(ByteExpression language, ReadOnlySpan<byte> before = default) => new SureTextSearch().TextsAfter(StartOf(language)!.Step(before)!, longest: 16);

    /// <summary>Every token that is a sure text may follow, and the language ends nowhere in it; and none longer where that is said.</summary>
    private static void AssertSure(TokenTrie trie, LexemeState state, SureTexts texts)
    {
        for (int node = 0; node < trie.Nodes.Length; node++)
        {
            byte[] path = trie.PathTo(node);
            if (texts.Kinds != 0 && path.All(value => (texts.Kinds & ByteKinds.SetOf(value)) != 0))
            {
                LexemeState? behind = state.Step(path);
                Assert.True(path.Length > texts.Length || behind is { IsAccepting: false }, $"{texts}: {Encoding.UTF8.GetString(path)}");
                Assert.True(path.Length <= texts.Length || !texts.NoneIsLonger || behind is null, $"{texts}: {Encoding.UTF8.GetString(path)}");
            }
        }
    }

    private static void AssertWalk(VocabularyPart part, LexemeState state, string label)
    {
        TokenTrie trie = part.Trie;
        var expected = new TokenMask(trie.EntryCount);
        var expectedExits = new List<int>();
        for (int node = 0; node < trie.Nodes.Length; node++)
        {
            if (state.Step(trie.PathTo(node)) is { } behind)
            {
                expected.AddUnlessNegative(TokenTrie.TokenOf(trie.Nodes[node]));
                if (behind.IsAccepting && TokenTrie.SizeOf(trie.Nodes[node]) > 1)
                {
                    expectedExits.Add(node);
                }
            }
        }

        var mask = new TokenMask(trie.EntryCount);
        var exits = new List<int>();
        new LexemeWalk(part).Run(0, trie.Nodes.Length, state, mask, exits);

        Assert.True(mask.Words.SequenceEqual(expected.Words), label);
        Assert.True(exits.SequenceEqual(expectedExits), label);
    }

    private string RandomWord(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + _random.Next(26))));

    private Vocabulary RandomVocabulary() => new(
        [.. Enumerable.Range(0, 200).Select(_ => new VocabularyEntry(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, _random.Next(1, 11)).Select(_ => Signs[_random.Next(_random.Next(1, Signs.Length + 1))])))))],
        new SpecialTokens());

    private ByteExpression RandomLanguage(int depth) => _random.Next(depth == 0 ? 2 : 7) switch
    {
        0 => _algebra.Text([(byte)Signs[_random.Next(6)], .. _random.Next(2) == 0 ? "\""u8 : []]),
        1 => _algebra.Bytes(RandomKinds()),
        2 => _algebra.Sequence(RandomLanguage(depth - 1), RandomLanguage(depth - 1)),
        3 => _algebra.Choice(RandomLanguage(depth - 1), RandomLanguage(depth - 1)),
        4 => _algebra.Sequence(_algebra.Repetition(RandomLanguage(depth - 1), 0, _random.Next(2) == 0 ? _random.Next(1, 15) : int.MaxValue), _algebra.Text("\""u8)),
        5 => _algebra.Intersection(RandomLanguage(depth - 1), _algebra.Repetition(_algebra.Bytes(ByteSet.All), _random.Next(3), _random.Next(3, 20))),
        _ => _algebra.Intersection(
            _algebra.Sequence(_algebra.Repetition(_algebra.Bytes(RandomKinds())), _algebra.Text("\""u8)),
            _algebra.Complement(_algebra.Sequence(_algebra.Anything, RandomLanguage(depth - 1), _algebra.Anything))),
    };

    private ByteSet RandomKinds()
    {
        ByteSet set = default;
        for (int kind = 0; kind < ByteKinds.Count; kind++)
        {
            foreach (byte value in _random.Next(3) == 0 ? [] : ByteKinds.BytesOf(kind))
            {
                // JSON's ends are few.
                set = value is (byte)'"' ? set : set | ByteSet.Of(value);
            }
        }

        return set.IsEmpty ? ByteSet.Of((byte)'a') : set;
    }
}
