namespace LlamaProvider.Decoding.Model;

/// <summary>A gapless range of token positions.</summary>
/// <param name="Start">The first position. Above 0 only where the memory forgets old tokens (a sliding window).</param>
/// <param name="End">The position after the last one, which is where the next token goes.</param>
public readonly record struct PositionRange(int Start, int End)
{
    /// <summary>The range of a sequence that holds nothing.</summary>
    public static PositionRange Empty => default;

    /// <summary>How many positions the range has.</summary>
    public int Count => End - Start;

    /// <summary>Whether it has none.</summary>
    public bool IsEmpty => End == Start;
}
