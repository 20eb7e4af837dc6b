using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Tests.Constraints.Oracle;

/// <summary>A language written down plainly; the engine's expression is made of it, and <see cref="Oracle"/> lists its texts.</summary>
internal abstract record Term
{
    public sealed record Empty : Term;

    /// <summary>One of the letters whose bits are set.</summary>
    public sealed record Letters(int Bits) : Term;

    public sealed record Sequence(Term First, Term Second) : Term;

    public sealed record Choice(Term First, Term Second) : Term;

    public sealed record Repetition(Term Part, int Min, int Max) : Term;

    public sealed record Words(string[] List) : Term;

    public sealed record Intersection(Term First, Term Second) : Term;

    /// <summary>The texts over the alphabet that are not of the language.</summary>
    public sealed record Complement(Term Part) : Term;

    public sealed record Rule(int Index) : Term;

    /// <summary>The engine's expression.</summary>
    /// <param name="algebra">Makes it.</param>
    /// <param name="letters">Letters of the alphabet.</param>
    /// <param name="nullable">Whether each rule may be empty.</param>
    public ByteExpression Build(ByteAlgebra algebra, int letters, bool[] nullable)
    {
        return Of(this);

        ByteExpression Of(Term term) => term switch
        {
            Empty => algebra.Empty,
            Letters one => algebra.Bytes(SetOf(one.Bits)),
            Sequence pair => algebra.Sequence(Of(pair.First), Of(pair.Second)),
            Choice pair => algebra.Choice(Of(pair.First), Of(pair.Second)),
            Repetition repetition => algebra.Repetition(Of(repetition.Part), repetition.Min, repetition.Max),
            Words words => algebra.Words(new WordList(words.List.Select(word => System.Text.Encoding.UTF8.GetBytes(word)))),
            Intersection pair => algebra.Intersection(Of(pair.First), Of(pair.Second)),
            Complement not => algebra.Intersection(
                algebra.Repetition(algebra.Bytes(ByteSet.Range((byte)'a', (byte)('a' + letters - 1)))), algebra.Complement(Of(not.Part))),
            Rule rule => algebra.Call(rule.Index, nullable[rule.Index]),
            _ => throw new InvalidOperationException(),
        };
    }

    private static ByteSet SetOf(int bits)
    {
        ByteSet set = default;
        for (int letter = 0; letter < 8; letter++)
        {
            set = (bits >> letter & 1) == 0 ? set : set | ByteSet.Of((byte)('a' + letter));
        }

        return set;
    }
}
