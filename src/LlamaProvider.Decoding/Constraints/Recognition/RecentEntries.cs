using System.Diagnostics.CodeAnalysis;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>A dictionary that holds so much and no more: when full, the half that was not used of late goes.</summary>
/// <remarks>Its keys are hashes of content, in which no two things are taken to agree by chance. Safe for concurrent use.</remarks>
/// <typeparam name="T">What is kept.</typeparam>
/// <param name="capacity">The most entries.</param>
internal sealed class RecentEntries<T>(int capacity)
{
    private readonly Lock _lock = new();
    private Dictionary<UInt128, T> _recent = [];
    private Dictionary<UInt128, T> _older = [];

    public bool TryGet(UInt128 key, [MaybeNullWhen(false)] out T value)
    {
        lock (_lock)
        {
            if (_recent.TryGetValue(key, out value))
            {
                return true;
            }

            if (!_older.Remove(key, out value))
            {
                return false;
            }

            Keep(key, value);
            return true;
        }
    }

    public void Set(UInt128 key, T value)
    {
        lock (_lock)
        {
            Keep(key, value);
        }
    }

    private void Keep(UInt128 key, T value)
    {
        if (_recent.Count >= capacity / 2)
        {
            (_older, _recent) = (_recent, []);
        }

        _recent[key] = value;
    }
}
