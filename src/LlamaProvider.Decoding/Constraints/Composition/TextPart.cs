using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Definitions;

namespace LlamaProvider.Decoding.Constraints.Composition;

/// <summary>A part of a text that is put together of literal text, tokens, free text and other constraints. Immutable, compared by content.</summary>
/// <remarks>
/// What chat formats are made of: reasoning up to its end mark, free text up to the mark of a tool call, the call with arguments of a schema. All of it becomes one grammar
/// (<see cref="CompositeDefinition"/>), so a mark is found wherever token borders fall, and "lazy" constraints, which begin at a trigger, are constraints like others.
/// </remarks>
internal abstract record TextPart
{
    /// <summary>The empty text.</summary>
    public static TextPart Empty { get; } = new Sequence([]);

    /// <summary>These parts, one after the other.</summary>
    public static TextPart Of(params ReadOnlySpan<TextPart> parts) => parts.Length == 1 ? parts[0] : new Sequence([.. parts]);

    /// <summary>One of these parts.</summary>
    public static TextPart AnyOf(params ReadOnlySpan<TextPart> parts) => parts.Length == 1 ? parts[0] : new Choice([.. parts]);

    /// <summary>A part that may be left out.</summary>
    public static TextPart Optional(TextPart part) => new Repetition(part, 0, 1);

    /// <summary>This text and no other.</summary>
    /// <param name="Text">The text.</param>
    public sealed record Literal(string Text) : TextPart;

    /// <summary>One token, by number; how control tokens get into a text.</summary>
    /// <param name="Id">The token.</param>
    public sealed record Token(int Id) : TextPart;

    /// <summary>Any text, the empty one included, but for some.</summary>
    public sealed record FreeText : TextPart
    {
        /// <summary>What the text does not contain. Default: nothing. What begins such a mark may stand at its end.</summary>
        public ImmutableArray<string> Without { get; init; } = [];

        /// <summary>What the text does not begin with. Default: nothing.</summary>
        public ImmutableArray<string> NotBeginning { get; init; } = [];

        public bool Equals(FreeText? other) =>
            other is not null && Without.AsSpan().SequenceEqual(other.Without.AsSpan()) && NotBeginning.AsSpan().SequenceEqual(other.NotBeginning.AsSpan());

        public override int GetHashCode() => HashOf(Without.AddRange(NotBeginning));
    }

    /// <summary>A text that another constraint allows.</summary>
    /// <param name="Definition">The constraint.</param>
    /// <param name="Owner">Whose it is, for errors: the tool of an argument's schema, say; <see langword="null"/> when the request itself asks for it.</param>
    public sealed record Constrained(ConstraintDefinition Definition, string? Owner = null) : TextPart;

    /// <summary>Parts one after the other.</summary>
    /// <param name="Parts">The parts.</param>
    public sealed record Sequence(ImmutableArray<TextPart> Parts) : TextPart
    {
        public bool Equals(Sequence? other) => other is not null && Parts.SequenceEqual(other.Parts);

        public override int GetHashCode() => HashOf(Parts);
    }

    /// <summary>One of several parts.</summary>
    /// <param name="Parts">The parts; at least one.</param>
    public sealed record Choice(ImmutableArray<TextPart> Parts) : TextPart
    {
        public bool Equals(Choice? other) => other is not null && Parts.SequenceEqual(other.Parts);

        public override int GetHashCode() => HashOf(Parts);
    }

    /// <summary>A part several times.</summary>
    /// <param name="Part">The part.</param>
    /// <param name="Min">The fewest times.</param>
    /// <param name="Max">The most times; <see langword="null"/> for no limit.</param>
    public sealed record Repetition(TextPart Part, int Min, int? Max) : TextPart;

    private static int HashOf<T>(ImmutableArray<T> items)
    {
        var hash = default(HashCode);
        foreach (T item in items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }
}
