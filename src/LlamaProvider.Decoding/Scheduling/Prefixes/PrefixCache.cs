using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Scheduling.Prefixes;

/// <summary>
/// Sequences that no request holds any more but whose cells are kept, found by the tokens they hold. A new request that begins with the same tokens shares those
/// cells instead of evaluating the tokens again.
/// </summary>
/// <remarks>
/// A radix tree for each adapter set: an edge is a run of tokens, every leaf is the end of a retained sequence, and sequences with a common beginning share its edges, as they mostly
/// share its cells. Finding the longest known prefix takes time proportional to that prefix, however many sequences there are. The least recently
/// used sequence goes first; what it shares with others stays, since cells are freed only by their last holder. Source of the idea: Zheng et al. 2024,
/// "SGLang: Efficient Execution of Structured Language Model Programs" (RadixAttention). Knows nothing of contexts: the caller copies and drops.
/// </remarks>
/// <param name="canTrim">Whether a part of a sequence can be shared. If not, a sequence helps only a request that begins with all of it.</param>
internal sealed class PrefixCache(bool canTrim)
{
    private readonly Dictionary<AdapterSet, PrefixNode> _roots = [];
    private readonly LinkedList<RetainedSequence> _byUse = new();

    /// <summary>Changes whenever a sequence comes or goes, so that what was found can be remembered.</summary>
    public int Version { get; private set; }

    /// <summary>Retained sequences, least recently used first.</summary>
    public LinkedList<RetainedSequence> Sequences => _byUse;

    /// <summary>Finds the sequence that shares the longest prefix with some tokens.</summary>
    /// <param name="adapters">The LoRA adapters that they are evaluated with; other adapters make other cells.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="sequence">The sequence, if any shares a token.</param>
    /// <returns>How many tokens they share, of which all can be copied.</returns>
    public int Find(AdapterSet adapters, ReadOnlySpan<int> tokens, out RetainedSequence? sequence)
    {
        if (!_roots.TryGetValue(adapters, out PrefixNode? root))
        {
            sequence = null;
            return 0;
        }

        (PrefixNode node, int matched) = Descend(root, tokens, out int inEdge);
        if (canTrim)
        {
            sequence = matched == 0 ? null : node.AnyBelow();
            return matched;
        }

        // Only what is matched to its end can be used: here, or further up.
        PrefixNode? whole = inEdge == node.Edge.Length ? node : node.Parent;
        while (whole is { Sequence: null })
        {
            whole = whole.Parent;
        }

        sequence = whole?.Sequence;
        return sequence?.Length ?? 0;
    }

    /// <summary>Notes that a sequence was of use.</summary>
    public void Touch(RetainedSequence sequence)
    {
        _byUse.Remove(sequence.Place);
        _byUse.AddLast(sequence.Place);
    }

    /// <summary>Retains a sequence. Sequences that it makes superfluous, itself perhaps among them, are for the caller to drop.</summary>
    /// <param name="number">The sequence's number in the context.</param>
    /// <param name="adapters">The LoRA adapters that its tokens were evaluated with.</param>
    /// <param name="tokens">The tokens it holds, at least one.</param>
    /// <param name="isPinned">Whether it is kept whatever happens, as it is: a longer sequence does not take its place.</param>
    /// <param name="superfluous">Receives the numbers of sequences that are not retained (any more).</param>
    public void Add(int number, AdapterSet adapters, ReadOnlySpan<int> tokens, bool isPinned, List<int> superfluous)
    {
        if (!_roots.TryGetValue(adapters, out PrefixNode? root))
        {
            root = new PrefixNode([], parent: null);
            _roots.Add(adapters, root);
        }

        (PrefixNode node, int matched) = Descend(root, tokens, out int inEdge);
        if (matched == tokens.Length && FindHolder(node, inEdge, isPinned) is { } holder)
        {
            holder.IsPinned |= isPinned;
            Touch(holder);
            superfluous.Add(number);
            return;
        }

        PrefixNode end = node.SplitAt(inEdge).Grow(tokens[matched..]);
        end.Sequence = new RetainedSequence(number, adapters, tokens.Length, end) { IsPinned = isPinned };
        _byUse.AddLast(end.Sequence.Place);
        Version++;
        if (canTrim)
        {
            DropBeginnings(end, superfluous);
        }
    }

    /// <summary>Takes a sequence out of the cache; the caller drops it.</summary>
    public void Remove(RetainedSequence sequence)
    {
        _byUse.Remove(sequence.Place);
        sequence.End.Sequence = null;
        sequence.End.Prune();
        if (_roots[sequence.Adapters].IsLeaf)
        {
            _roots.Remove(sequence.Adapters);
        }

        Version++;
    }

    /// <summary>Sequences that end on the way to a longer one hold nothing of their own.</summary>
    private void DropBeginnings(PrefixNode end, List<int> superfluous)
    {
        for (PrefixNode? node = end.Parent; node is not null; node = node.Parent)
        {
            if (node.Sequence is { IsPinned: false } beginning)
            {
                Remove(beginning);
                superfluous.Add(beginning.Number);
            }
        }
    }

    /// <summary>A sequence that makes another one superfluous which ends where the way down the tree ended.</summary>
    private RetainedSequence? FindHolder(PrefixNode node, int inEdge, bool isPinned) =>
        inEdge == node.Edge.Length && node.Sequence is { } same ? same
        : canTrim && !isPinned ? node.AnyBelow()
        : null;

    /// <summary>Goes down the tree along some tokens.</summary>
    /// <param name="root">Where it begins.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="inEdge">How many tokens of the last node's edge matched.</param>
    /// <returns>The last node reached, and how many tokens matched in all.</returns>
    private static (PrefixNode Node, int Matched) Descend(PrefixNode root, ReadOnlySpan<int> tokens, out int inEdge)
    {
        PrefixNode node = root;
        int matched = 0;
        inEdge = 0;
        while (matched < tokens.Length && inEdge == node.Edge.Length && node.TryGetChild(tokens[matched], out PrefixNode? child))
        {
            node = child;
            inEdge = tokens[matched..].CommonPrefixLength(child.Edge);
            matched += inEdge;
        }

        return (node, matched);
    }
}
