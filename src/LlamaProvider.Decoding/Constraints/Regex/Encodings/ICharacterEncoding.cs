using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.Regex.Encodings;

/// <summary>How characters are written as bytes.</summary>
/// <remarks>
/// Immutable and safe to use from many threads. A character may have several spellings; then <see cref="Encode"/> has all of those that <see cref="AnyText"/> has, so that
/// whether a text belongs to a language depends on its characters alone, complements within <see cref="AnyText"/> included.
/// </remarks>
internal interface ICharacterEncoding
{
    /// <summary>Every spelling of one character of the set.</summary>
    ByteExpression Encode(CodePointSet set, ByteAlgebra algebra);

    /// <summary>Every spelling of every text.</summary>
    ByteExpression AnyText(ByteAlgebra algebra);
}
