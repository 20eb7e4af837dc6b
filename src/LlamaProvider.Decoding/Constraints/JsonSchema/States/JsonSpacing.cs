using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>Which white space may precede a part of a value, as an automaton whose phases are numbers.</summary>
/// <param name="whitespace">How much.</param>
/// <param name="algebra">Makes languages.</param>
/// <param name="lexemeOf">Where a text of a language begins.</param>
internal sealed class JsonSpacing(JsonWhitespace whitespace, ByteAlgebra algebra, Func<ByteExpression, LexemeState?> lexemeOf)
{
    /// <summary>The phase before any white space.</summary>
    public const int None = 0;

    private const int AfterSpace = 1;
    private const int AfterReturn = 2;

    /// <summary>The phase after a line's end, from which on each byte of its indentation leads to the next one.</summary>
    public const int AfterLine = 3;

    private const int MaxIndentation = 64;

    /// <summary>The phase behind which no white space may follow.</summary>
    public const int Full = AfterLine + MaxIndentation;

    private readonly LexemeState?[] _texts = new LexemeState?[Full + 1];

    /// <summary>The phase after a byte of white space; <see langword="null"/> when the byte is no white space or too much of it.</summary>
    public int? Next(int phase, byte value) => whitespace == JsonWhitespace.Compact ? null : (phase, value) switch
    {
        (None, (byte)' ') => AfterSpace,
        (None, (byte)'\r') => AfterReturn,
        (None or AfterReturn, (byte)'\n') => AfterLine,
        ( >= AfterLine and < Full, (byte)' ' or (byte)'\t') => phase + 1,
        _ => null,
    };

    /// <summary>The white space that may follow in a phase.</summary>
    public ByteSet BytesAt(int phase)
    {
        ByteSet bytes = default;
        foreach (byte value in " \n\r\t"u8)
        {
            bytes = Next(phase, value) is null ? bytes : bytes | ByteSet.Of(value);
        }

        return bytes;
    }

    /// <summary>The white space that may follow in a phase, as a language; <see langword="null"/> when none may.</summary>
    public LexemeState? TextsAt(int phase) => BytesAt(phase).IsEmpty ? null : _texts[phase] ??= phase switch
    {
        None => lexemeOf(Texts(algebra)),
        AfterReturn => TextsAt(None)!.Step((byte)'\r'),
        AfterLine => TextsAt(None)!.Step((byte)'\n'),
        _ => TextsAt(phase - 1)!.Step((byte)' '),
    };

    // The same as the phases say.
    private static ByteExpression Texts(ByteAlgebra algebra)
    {
        ByteExpression indentation = algebra.Repetition(algebra.Bytes(ByteSet.Of((byte)' ') | ByteSet.Of((byte)'\t')), 0, MaxIndentation);
        return algebra.Choice(algebra.Empty, algebra.Text(" "u8), algebra.Sequence(algebra.Optional(algebra.Text("\r"u8)), algebra.Text("\n"u8), indentation));
    }

    /// <summary>A phase that stands for others: any indentation that leaves room for some more is one.</summary>
    public static int Representative(int phase) => phase is > AfterLine and < Full - 16 ? AfterLine : phase;

    /// <summary>All white space.</summary>
    public static ByteSet Spaces { get; } = ByteSet.Of((byte)' ') | ByteSet.Of((byte)'\n') | ByteSet.Of((byte)'\r') | ByteSet.Of((byte)'\t');

    public static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    /// <summary>Whether the part may follow.</summary>
    public static bool IsComplete(int phase) => phase != AfterReturn;
}

/// <summary>A state of an array or object, before a part that white space may precede.</summary>
internal abstract class JsonState(JsonSpacing spacing) : RecognizerState(isAccepting: false)
{
    private SpacedState?[]? _spaced;
    private SpacedState? _full;

    private protected JsonSpacing Spacing { get; } = spacing;

    public override ByteSet Padding => JsonSpacing.Spaces;

    public sealed override ByteSet BytesToTry => OwnBytes();

    public sealed override (LexemeState Texts, RecognizerState Behind)? Leading => LeadingAt(JsonSpacing.None);

    public sealed override RecognizerState? Step(byte value) => !JsonSpacing.IsSpace(value) ? Token(value) : Spacing.Next(JsonSpacing.None, value) is { } phase ? SpacedAt(phase) : null;

    /// <summary>The state after one of the bytes that structure JSON; <see langword="null"/> after every other one. Always the same.</summary>
    public abstract RecognizerState? Token(byte value);

    /// <summary>Whether white space may go on, after some.</summary>
    internal bool GoesOn(int phase, byte value) => Spacing.Next(phase, value) == phase + 1;

    /// <summary>The state after white space up to a phase.</summary>
    internal SpacedState SpacedAt(int phase)
    {
        if (phase == JsonSpacing.Full)
        {
            return _full ??= new SpacedState(this, phase);
        }

        if (phase > JsonSpacing.AfterLine)
        {
            return SpacedAt(phase - 1).Next;
        }

        _spaced ??= new SpacedState?[JsonSpacing.AfterLine + 1];
        return _spaced[phase] ??= new SpacedState(this, phase);
    }

    /// <summary>The white space that may follow white space up to a phase, and the state behind it.</summary>
    internal (LexemeState Texts, RecognizerState Behind)? LeadingAt(int phase) => Spacing.TextsAt(phase) is { } texts ? (texts, SpacedAt(JsonSpacing.Full)) : null;

    /// <summary>The bytes that may follow white space up to a phase.</summary>
    internal ByteSet BytesAt(int phase)
    {
        ByteSet bytes = Spacing.BytesAt(phase);
        foreach (byte value in JsonSpacing.IsComplete(phase) ? "{}[]:,\""u8 : [])
        {
            bytes = Token(value) is null ? bytes : bytes | ByteSet.Of(value);
        }

        return bytes;
    }

    private protected sealed override ByteSet OwnBytes() => BytesAt(JsonSpacing.None);
}

/// <summary>A state after some white space.</summary>
internal sealed class SpacedState(JsonState inner, int phase) : RecognizerState(isAccepting: false)
{
    private SpacedState? _next;

    /// <summary>The state of the next phase.</summary>
    public SpacedState Next => phase is < JsonSpacing.AfterLine or JsonSpacing.Full - 1 ? inner.SpacedAt(phase + 1) : _next ??= new SpacedState(inner, phase + 1);

    /// <summary>The state without the white space.</summary>
    public JsonState Inner => inner;

    public override RecognizerState Representative => ((JsonState)inner.Representative).SpacedAt(JsonSpacing.Representative(phase));

    public override ByteSet Padding => JsonSpacing.IsComplete(phase) ? JsonSpacing.Spaces : default;

    public override ByteSet BytesToTry => OwnBytes();

    public override RecognizerState Unpadded => JsonSpacing.IsComplete(phase) ? inner : this;

    public override (LexemeState Texts, RecognizerState Behind)? Leading => inner.LeadingAt(phase);

    public override bool HasCalls => inner.HasCalls && JsonSpacing.IsComplete(phase);

    public override ReadOnlySpan<StateCall> Calls => HasCalls ? inner.Calls : [];

    public override RecognizerState? Step(byte value) =>
        JsonSpacing.IsSpace(value) ? inner.GoesOn(phase, value) ? Next : null : JsonSpacing.IsComplete(phase) ? inner.Token(value) : null;

    private protected override ByteSet OwnBytes() => inner.BytesAt(phase);
}
