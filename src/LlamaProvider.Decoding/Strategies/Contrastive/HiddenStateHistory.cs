using System.Buffers;
using System.Numerics.Tensors;

namespace LlamaProvider.Decoding.Strategies.Contrastive;

/// <summary>The hidden states of a text's tokens, each of length 1, so that a cosine is a dot product. Grows in blocks of pooled memory, which are never copied.</summary>
/// <param name="size">Values in a state.</param>
internal sealed class HiddenStateHistory(int size)
{
    private const int BlockValues = 1 << 16;

    private readonly int _rowsPerBlock = Math.Max(1, BlockValues / size);
    private readonly List<float[]> _blocks = [];

    /// <summary>How many states it has.</summary>
    public int Count { get; private set; }

    /// <summary>Makes a state one of length 1. A state of zeros stays one: it is like nothing.</summary>
    public static void Normalize(ReadOnlySpan<float> state, Span<float> destination)
    {
        float norm = TensorPrimitives.Norm(state);
        TensorPrimitives.Multiply(state, norm > 0 ? 1 / norm : 0, destination);
    }

    /// <summary>Adds the state of the next token.</summary>
    public void Add(ReadOnlySpan<float> state)
    {
        int row = Count++ % _rowsPerBlock;
        if (row == 0)
        {
            _blocks.Add(ArrayPool<float>.Shared.Rent(_rowsPerBlock * size));
        }

        Normalize(state, _blocks[^1].AsSpan(row * size, size));
    }

    /// <summary>Finds for each of some states the largest cosine with any state of the text.</summary>
    /// <param name="states">The states, of length 1, one after the other.</param>
    /// <param name="largest">Receives one value for each. Every state of the text is read from memory once, whatever their number.</param>
    public void FindLargestCosines(ReadOnlySpan<float> states, Span<float> largest)
    {
        largest.Fill(-1);
        for (int row = 0; row < Count; row++)
        {
            ReadOnlySpan<float> earlier = _blocks[row / _rowsPerBlock].AsSpan(row % _rowsPerBlock * size, size);
            for (int state = 0; state < largest.Length; state++)
            {
                largest[state] = Math.Max(largest[state], TensorPrimitives.Dot(earlier, states.Slice(state * size, size)));
            }
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Clear()
    {
        _blocks.ForEach(static block => ArrayPool<float>.Shared.Return(block));
        _blocks.Clear();
        Count = 0;
    }
}
