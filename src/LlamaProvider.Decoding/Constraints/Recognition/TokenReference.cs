using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>
/// How a grammar names a token instead of its text: the byte 0xFF, which no UTF-8 text has, then the token's number in three bytes. So one automaton reads texts and tokens,
/// and a token is met only where a token begins.
/// </summary>
internal static class TokenReference
{
    public const byte Mark = 0xFF;

    /// <summary>Bytes of a reference.</summary>
    public const int Length = 4;

    public static void Write(int token, Span<byte> destination)
    {
        destination[0] = Mark;
        destination[1] = (byte)(token >> 16);
        destination[2] = (byte)(token >> 8);
        destination[3] = (byte)token;
    }

    /// <summary>One token, or any but that one.</summary>
    public static ByteExpression Of(int token, bool isNegated, ByteAlgebra algebra)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Write(token, bytes);
        if (!isNegated)
        {
            return algebra.Text(bytes);
        }

        ByteExpression other = algebra.Nothing;
        ByteExpression any = algebra.Empty;
        for (int i = Length - 1; i > 0; i--)
        {
            other = algebra.Choice(
                algebra.Sequence(algebra.Bytes(ByteSet.Of(bytes[i])), other), algebra.Sequence(algebra.Bytes(~ByteSet.Of(bytes[i])), any));
            any = algebra.Sequence(algebra.Bytes(ByteSet.All), any);
        }

        return algebra.Sequence(algebra.Bytes(ByteSet.Of(Mark)), other);
    }
}
