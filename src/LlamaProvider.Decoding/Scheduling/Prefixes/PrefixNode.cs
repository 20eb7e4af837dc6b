using System.Diagnostics.CodeAnalysis;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Scheduling.Prefixes;

/// <summary>A node of the radix tree of <see cref="PrefixCache"/>: the edge that leads to it, and the sequence that ends in it if there is one.</summary>
internal sealed class PrefixNode(int[] edge, PrefixNode? parent)
{
    private readonly Dictionary<int, PrefixNode> _children = [];

    /// <summary>The tokens between the parent and this node; none for the root alone.</summary>
    public int[] Edge { get; private set; } = edge;

    public PrefixNode? Parent { get; private set; } = parent;

    public RetainedSequence? Sequence { get; set; }

    /// <summary>Whether it leads nowhere.</summary>
    public bool IsLeaf => _children.Count == 0;

    public bool TryGetChild(int token, [NotNullWhen(true)] out PrefixNode? child) => _children.TryGetValue(token, out child);

    /// <summary>A sequence that holds all tokens down to this node.</summary>
    public RetainedSequence AnyBelow()
    {
        PrefixNode node = this;
        while (node.Sequence is null)
        {
            node = node._children.Values.First();
        }

        return node.Sequence;
    }

    /// <summary>The node at a place on the edge to this one, made if there is none.</summary>
    public PrefixNode SplitAt(int inEdge)
    {
        if (inEdge == Edge.Length)
        {
            return this;
        }

        var upper = new PrefixNode(Edge[..inEdge], Parent);
        Parent!._children[Edge[0]] = upper;
        Edge = Edge[inEdge..];
        Parent = upper;
        upper._children.Add(Edge[0], this);
        return upper;
    }

    /// <summary>The node that follows after some tokens, of which the first leads nowhere yet; this one when there are none.</summary>
    public PrefixNode Grow(ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty)
        {
            return this;
        }

        var child = new PrefixNode(tokens.ToArray(), this);
        _children.Add(tokens[0], child);
        return child;
    }

    /// <summary>Removes what has no purpose any more: a node without sequence that leads nowhere, or to one other node only.</summary>
    public void Prune()
    {
        if (Sequence is not null || Parent is null)
        {
            return;
        }

        if (_children.Count == 0)
        {
            Parent._children.Remove(Edge[0]);
            Parent.Prune();
        }
        else if (_children.Count == 1)
        {
            PrefixNode child = _children.Values.First();
            child.Edge = [.. Edge, .. child.Edge];
            child.Parent = Parent;
            Parent._children[Edge[0]] = child;
        }
    }
}

/// <summary>A sequence that is kept for its cells.</summary>
internal sealed class RetainedSequence
{
    public RetainedSequence(int number, AdapterSet adapters, int length, PrefixNode end)
    {
        Number = number;
        Adapters = adapters;
        Length = length;
        End = end;
        Place = new LinkedListNode<RetainedSequence>(this);
    }

    /// <summary>The sequence's number in the context.</summary>
    public int Number { get; }

    /// <summary>The LoRA adapters that its tokens were evaluated with.</summary>
    public AdapterSet Adapters { get; }

    /// <summary>Tokens that it holds.</summary>
    public int Length { get; }

    /// <summary>Whether it is never evicted.</summary>
    public bool IsPinned { get; set; }

    /// <summary>Where it ends in the tree.</summary>
    public PrefixNode End { get; }

    /// <summary>The tokens that it holds.</summary>
    public int[] GetTokens()
    {
        int[] tokens = new int[Length];
        int end = Length;
        for (PrefixNode node = End; node.Parent is not null; node = node.Parent)
        {
            end -= node.Edge.Length;
            node.Edge.CopyTo(tokens, end);
        }

        return tokens;
    }

    /// <summary>Its place in the order of use.</summary>
    public LinkedListNode<RetainedSequence> Place { get; }
}
