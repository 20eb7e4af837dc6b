using System.Buffers.Binary;

namespace LlamaProvider.Models.Gguf;

/// <summary>
/// The precompiled normalization of unigram tokenizers (T5, XLM-RoBERTa): a compact double array of byte transitions, then the replacement texts.
/// llama.cpp walks it without having checked it and throws out of its C interface where a transition leaves the array or a text does not end
/// (<c>xcda_array_view</c> and <c>normalize_prefix</c> in src/llama-vocab.cpp; Kanda 2018, "Space- and time-efficient string dictionaries").
/// So every state that some text can reach is visited here.
/// </summary>
internal static class CharsmapRules
{
    private const string Key = "tokenizer.ggml.precompiled_charsmap";

    public static void Check(GgufFile file)
    {
        if (!file.Metadata.TryGetValue(Key, out var value))
        {
            return;
        }

        if (!value.IsArrayOf(GgufValueType.Int8) && !value.IsArrayOf(GgufValueType.UInt8))
        {
            throw file.Error($"'{Key}' is {value.TypeName}; it must be an array of u8 or i8. {Remedy.ConvertAgain}");
        }

        var bytes = value.ByteLength <= GgufLimits.TextBytes ? file.ReadBytes(value) : [];
        var arrayBytes = bytes.Length > sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : uint.MaxValue;
        if ((ulong)arrayBytes + sizeof(uint) >= (ulong)bytes.Length)
        {
            throw Damaged(file);
        }

        var array = bytes.AsSpan(sizeof(uint), (int)arrayBytes);
        var texts = bytes.AsSpan(sizeof(uint) + (int)arrayBytes);
        if (array.Length >= sizeof(uint) && !AllReachableStatesAreInside(array, texts.LastIndexOf((byte)0) + 1))
        {
            throw Damaged(file);
        }
    }

    /// <summary>Visits states as the tokenizer would on every possible text.</summary>
    /// <param name="array">The transitions, 32 bits each.</param>
    /// <param name="textBytes">The bytes of the replacement texts up to the last terminator: a text may start at any of them.</param>
    private static bool AllReachableStatesAreInside(ReadOnlySpan<byte> array, int textBytes)
    {
        var count = (uint)(array.Length / sizeof(uint));
        var seen = new bool[count];
        var open = new Stack<uint>();
        open.Push(Base(Node(array, 0)));
        while (open.TryPop(out var state))
        {
            for (var character = 1u; character <= byte.MaxValue; character++)
            {
                var index = state ^ character;
                if (index >= count)
                {
                    return false;
                }

                var node = Node(array, index);
                if ((node & 0x8000_00FF) != character || seen[index])
                {
                    continue;
                }

                seen[index] = true;
                var next = index ^ Base(node);
                if (IsLeaf(node) && (next >= count || (Node(array, next) & 0x7FFF_FFFF) >= textBytes))
                {
                    return false;
                }

                open.Push(next);
            }
        }

        return true;
    }

    private static uint Node(ReadOnlySpan<byte> array, uint index) => BinaryPrimitives.ReadUInt32LittleEndian(array[((int)index * sizeof(uint))..]);

    private static uint Base(uint node) => (node >> 10) << (int)((node & (1u << 9)) >> 6);

    private static bool IsLeaf(uint node) => ((node >> 8) & 1) != 0;

    private static ModelLoadException Damaged(GgufFile file) =>
        file.Error($"'{Key}' leads outside itself; it must be a whole character map. {Remedy.ConvertAgain}");
}
