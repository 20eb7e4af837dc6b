using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Tests.Constraints.Oracle;

namespace LlamaProvider.Decoding.Tests.Constraints.Automata;

public sealed class RelaxTests
{
    [Fact]
    public void Relax_RandomLanguages_ShortTextsCannotTell()
    {
        var random = new Random(3);
        int relaxed = 0;
        for (int round = 0; round < 1000; round++)
        {
            var algebra = new ByteAlgebra();
            ByteExpression expression = Scale(new RandomTerms(random, 2).Language(3)).Build(algebra, 2, [false]);
            ByteExpression shorter = expression.Relax(3, algebra);
            relaxed += ReferenceEquals(expression, shorter) ? 0 : 1;
            AssertSame(expression, shorter, algebra, 3);
        }

        Assert.True(relaxed > 100, $"Only {relaxed} languages were relaxed.");
    }

    [Fact]
    public void Relax_LongStrings_AreOneLanguage()
    {
        var algebra = new ByteAlgebra();
        ByteExpression letter = algebra.Bytes(ByteSet.Range((byte)'a', (byte)'z'));
        ByteExpression quote = algebra.Text("\""u8);

        Assert.Same(
            algebra.Sequence(algebra.Repetition(letter, 0, 2000), quote).Relax(10, algebra),
            algebra.Sequence(algebra.Repetition(letter, 0, 300), quote).Relax(10, algebra));
    }

    [Fact]
    public void Relax_PartsThatExcludeEachOther_KeepsTheirCounts()
    {
        var algebra = new ByteAlgebra();
        ByteExpression letter = algebra.Text("a"u8);
        ByteExpression between = algebra.Intersection(algebra.Repetition(letter, 0, 100), algebra.Complement(algebra.Repetition(letter, 0, 50)));

        Assert.False(new Liveness(algebra).IsEmpty(between.Relax(4, algebra)));
    }

    [Fact]
    public void Relax_RandomIntersections_ShortTextsCannotTell()
    {
        var random = new Random(4);
        int relaxed = 0;
        for (int round = 0; round < 2000; round++)
        {
            var algebra = new ByteAlgebra();
            ByteExpression both = algebra.Intersection(
                Scale(new RandomTerms(random, 2).Language(3)).Build(algebra, 2, [false]), Scale(new RandomTerms(random, 2).Language(3)).Build(algebra, 2, [false]));
            ByteExpression shorter = both.Relax(3, algebra);
            relaxed += both is IntersectionExpression && !ReferenceEquals(both, shorter) ? 1 : 0;
            AssertSame(both, shorter, algebra, 3);
        }

        Assert.True(relaxed > 100, $"Only {relaxed} intersections were relaxed.");
    }

    [Fact]
    public void Relax_PatternOfLimitedLength_IsThePatternUntilTheLimitIsNear()
    {
        var algebra = new ByteAlgebra();
        ByteExpression letter = algebra.Bytes(ByteSet.Range((byte)'a', (byte)'z'));
        ByteExpression any = algebra.Bytes(ByteSet.Range((byte)'a', (byte)'z') | ByteSet.Of((byte)'-'));
        ByteExpression names = algebra.Sequence(algebra.Repetition(letter, 1), algebra.Repetition(algebra.Sequence(algebra.Text("-"u8), algebra.Repetition(letter, 1))));

        // What a name has come to takes one byte at most to be complete, so ten bytes and that one have to fit.
        Assert.Same(Limited(300).Relax(10, algebra), Limited(12).Relax(10, algebra));
        Assert.Same(Limited(11), Limited(11).Relax(10, algebra));

        ByteExpression Limited(int length) => algebra.Intersection(names, algebra.Repetition(any, 0, length));
    }

    [Fact]
    public void Relax_OneCountNearAndOneFar_KeepsTheNearOne()
    {
        var algebra = new ByteAlgebra();
        ByteExpression any = algebra.Bytes(ByteSet.Range((byte)'a', (byte)'z'));

        // A word that was begun may take three bytes more, so eight words are near, and 200 bytes are not.
        Assert.Same(Words(8, 300).Relax(6, algebra), Words(8, 200).Relax(6, algebra));
        Assert.NotSame(Words(8, 300).Relax(6, algebra), Words(9, 300).Relax(6, algebra));
        Assert.Same(Words(40, 300).Relax(6, algebra), Words(50, 200).Relax(6, algebra));

        ByteExpression Words(int count, int length) => algebra.Intersection(algebra.Repetition(algebra.Text("abcd"u8), 0, count), algebra.Repetition(any, 0, length));
    }

    [Fact]
    public void Relax_ManyStates_GoesOnUntilAllAreKnown()
    {
        var algebra = new ByteAlgebra();
        ByteExpression any = algebra.Bytes(ByteSet.Range((byte)'a', (byte)'z'));
        ByteExpression blocks = algebra.Repetition(algebra.Text([.. Enumerable.Repeat((byte)'q', 700)]));
        ByteExpression[] states = [.. Enumerable.Range(0, 20).Select(letters => Enumerable.Repeat((byte)'q', letters).Aggregate(
            algebra.Intersection(blocks, algebra.Repetition(any, 0, 5000)), (state, letter) => algebra.Derive(state, letter)))];

        bool[] isRelaxed = [.. states.Select(state => !ReferenceEquals(state, state.Relax(10, algebra)))];

        Assert.False(isRelaxed[0]);
        Assert.True(isRelaxed[^1]);
    }

    [Fact]
    public void Relax_BlocksOfLimitedLength_ShortTextsCannotTell()
    {
        const int Bytes = 10;
        int relaxed = 0;
        for (int block = 1; block < 10; block++)
        {
            for (int limit = 1; limit < 40; limit++)
            {
                // A block that was begun may take so many bytes that the limit is passed.
                var algebra = new ByteAlgebra();
                ByteExpression blocks = algebra.Repetition(algebra.Text([.. Enumerable.Repeat((byte)'a', block)]));
                ByteExpression both = algebra.Intersection(blocks, algebra.Repetition(algebra.Text("a"u8), 0, limit));
                ByteExpression shorter = both.Relax(Bytes, algebra);
                relaxed += ReferenceEquals(both, shorter) ? 0 : 1;
                AssertSame(both, shorter, algebra, Bytes);
            }
        }

        Assert.True(relaxed > 100, $"Only {relaxed} were relaxed.");
    }

    /// <summary>Multiplies the counts, so that they go beyond what a short text can reach.</summary>
    private static Term Scale(Term term) => term switch
    {
        Term.Sequence pair => new Term.Sequence(Scale(pair.First), Scale(pair.Second)),
        Term.Choice pair => new Term.Choice(Scale(pair.First), Scale(pair.Second)),
        Term.Intersection pair => new Term.Intersection(Scale(pair.First), Scale(pair.Second)),
        Term.Complement not => new Term.Complement(Scale(not.Part)),
        Term.Repetition { Max: < 100 } counted => new Term.Repetition(Scale(counted.Part), counted.Min * 4, counted.Max * 4),
        Term.Repetition counted => new Term.Repetition(Scale(counted.Part), counted.Min * 4, counted.Max),
        _ => term,
    };

    private static void AssertSame(ByteExpression expression, ByteExpression relaxed, ByteAlgebra algebra, int bytes)
    {
        var liveness = new Liveness(algebra);
        AssertSame(new ByteAutomaton(algebra, liveness, expression).Start, new ByteAutomaton(algebra, liveness, relaxed).Start, bytes);
    }

    private static void AssertSame(LexemeState? left, LexemeState? right, int bytes)
    {
        Assert.Equal(left is null, right is null);
        if (left is null || right is null || bytes == 0)
        {
            return;
        }

        Assert.Equal(left.IsAccepting, right.IsAccepting);
        AssertSame(left.Step((byte)'a'), right.Step((byte)'a'), bytes - 1);
        AssertSame(left.Step((byte)'b'), right.Step((byte)'b'), bytes - 1);
    }
}
