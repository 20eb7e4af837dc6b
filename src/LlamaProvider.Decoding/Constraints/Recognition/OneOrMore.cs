using System.Diagnostics.CodeAnalysis;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>Items that are mostly one, which then needs no array: of objects that hold them there are thousands. Immutable.</summary>
/// <typeparam name="T">What they are.</typeparam>
internal readonly struct OneOrMore<T>
{
    private readonly T _only;
    private readonly T[]? _several;

    /// <param name="items">The items, copied; they may be none too.</param>
    public OneOrMore(ReadOnlySpan<T> items)
    {
        _only = items.Length == 1 ? items[0] : default!;
        _several = items.Length == 1 ? null : items.ToArray();
    }

    [UnscopedRef]
    public ReadOnlySpan<T> Items => _several ?? new ReadOnlySpan<T>(in _only);
}
