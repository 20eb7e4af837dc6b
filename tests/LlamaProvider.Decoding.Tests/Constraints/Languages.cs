using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

namespace LlamaProvider.Decoding.Tests.Constraints;

/// <summary>Asks expressions about texts.</summary>
internal static class Languages
{
    /// <summary>Whether a text is of a language, by deriving byte after byte.</summary>
    public static bool Has(this ByteExpression language, ReadOnlySpan<byte> text, ByteAlgebra algebra)
    {
        foreach (byte value in text)
        {
            language = language.Derive(value, algebra);
        }

        return language.IsNullable;
    }

    public static bool Has(this ByteExpression language, string text, ByteAlgebra algebra) => language.Has(Encoding.UTF8.GetBytes(text), algebra);

    public static ByteExpression Regex(this ByteAlgebra algebra, string pattern, bool isSearch = true, ICharacterEncoding? encoding = null) =>
        RegexCompiler.Compile(pattern, isSearch, encoding ?? Utf8Encoding.Instance, algebra, ConstraintLimits.Default);
}
