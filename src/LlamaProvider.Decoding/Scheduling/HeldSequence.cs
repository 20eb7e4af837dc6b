using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>A sequence of the context that a request holds, and the tokens that the request has evaluated into it.</summary>
/// <param name="Number">The sequence's number in the context.</param>
internal sealed record HeldSequence(int Number)
{
    public List<int> Tokens { get; } = [];

    /// <summary>
    /// How many of the first tokens are in the state that they would have if only <see cref="Tokens"/> had been evaluated. What stands behind a forgotten part
    /// was computed from it, so it is no prefix for others.
    /// </summary>
    public int? Pure { get; private set; }

    /// <summary>It has become a copy of another.</summary>
    public void CopyFrom(HeldSequence other)
    {
        Tokens.Clear();
        Tokens.AddRange(other.Tokens);
        Pure = other.Pure;
    }

    /// <summary>Only the first tokens are left.</summary>
    public void Trim(int length)
    {
        Tokens.RemoveRange(length, Tokens.Count - length);
        Pure = length <= Pure ? null : Pure;
    }

    /// <summary>Tokens were removed, and those behind them moved down.</summary>
    public void Forget(PositionRange range)
    {
        Tokens.RemoveRange(range.Start, range.Count);
        Pure = Math.Min(Pure ?? range.Start, range.Start);
    }
}
