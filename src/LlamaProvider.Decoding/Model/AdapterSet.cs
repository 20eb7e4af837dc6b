using System.Collections.Immutable;

namespace LlamaProvider.Decoding.Model;

/// <summary>The LoRA adapters that tokens are evaluated with, each with its scale. The order has no meaning; a set equals another with the same adapters and scales.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class AdapterSet : IEquatable<AdapterSet>
{
    private readonly int _hash;

    /// <summary>Creates a set.</summary>
    /// <param name="adapters">The adapters. One with scale 0 does nothing, so it is left out.</param>
    /// <exception cref="ArgumentException">A name is empty or appears twice, or a scale is not finite.</exception>
    public AdapterSet(IEnumerable<AdapterScale> adapters)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var hash = new HashCode();
        var kept = new List<AdapterScale>();
        foreach (AdapterScale adapter in adapters.OrderBy(adapter => adapter.Name, StringComparer.Ordinal))
        {
            if (string.IsNullOrEmpty(adapter.Name) || !names.Add(adapter.Name))
            {
                throw new ArgumentException($"The adapter '{adapter.Name}' has no name or appears twice. Name each once, with the sum of its scales.", nameof(adapters));
            }

            if (!float.IsFinite(adapter.Scale))
            {
                throw new ArgumentException($"The scale of the adapter '{adapter.Name}' is {adapter.Scale}, but must be a finite number.", nameof(adapters));
            }

            if (adapter.Scale != 0)
            {
                hash.Add(adapter);
                kept.Add(adapter);
            }
        }

        Adapters = [.. kept];
        _hash = hash.ToHashCode();
    }

    /// <summary>No adapter: the base model.</summary>
    public static AdapterSet None { get; } = new([]);

    /// <summary>The adapters, ordered by name.</summary>
    public ImmutableArray<AdapterScale> Adapters { get; }

    /// <inheritdoc/>
    public bool Equals(AdapterSet? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Adapters.AsSpan().SequenceEqual(other.Adapters.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AdapterSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public override string ToString() => Adapters.IsEmpty ? "none" : string.Join(", ", Adapters);
}

/// <summary>An adapter and how strongly it acts.</summary>
/// <param name="Name">The name that it is registered by.</param>
/// <param name="Scale">The factor of its weights: 1 as it was trained, 0 not at all.</param>
public readonly record struct AdapterScale(string Name, float Scale)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Name} x {Scale}");
}
