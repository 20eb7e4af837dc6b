using System.IO.Hashing;
using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.Regex.Encodings;

/// <summary>How the sets of characters that patterns have are written as bytes, remembered over all constraints: most patterns have the same few sets.</summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <param name="encode">Encodes a set.</param>
internal sealed class EncodedSets(Func<CodePointSet, ByteAlgebra, ByteExpression> encode)
{
    private const int Capacity = 512;

    /// <summary>Ranges of the largest set that is remembered: one such as all letters takes hundreds of KiB, and a process goes on for long.</summary>
    private const int LargestSet = 32;

    private readonly RecentEntries<ExpressionTemplate> _known = new(Capacity);

    /// <summary>The spellings of a set, as an expression of an algebra.</summary>
    public ByteExpression Encode(CodePointSet set, ByteAlgebra algebra)
    {
        if (set.Ranges.Length > LargestSet)
        {
            return encode(set, algebra);
        }

        UInt128 key = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(set.Ranges));
        if (!_known.TryGet(key, out ExpressionTemplate? template))
        {
            template = new ExpressionTemplate(own => encode(set, own));
            _known.Set(key, template);
        }

        return template.In(algebra);
    }
}
