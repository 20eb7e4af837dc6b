using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Tree;

/// <summary>A node of the tree, which the parser builds once and every rendering walks. Immutable after parsing, therefore thread-safe.</summary>
internal abstract class Node(int offset)
{
    /// <summary>Where the node's operation stands in the source.</summary>
    public int Offset => offset;

    /// <summary>The levels of nodes below and including this one, which bounds the recursion of an evaluation. The parser sets it.</summary>
    public int Height { get; set; } = 1;
}

/// <summary>A node with a value.</summary>
internal abstract class Expression(int offset) : Node(offset)
{
    public abstract Value Evaluate(Frame frame);
}

/// <summary>A node with an effect: it writes, sets a variable, or leaves a loop.</summary>
internal abstract class Statement(int offset) : Node(offset)
{
    public abstract Flow Execute(Frame frame);
}

/// <summary>How a statement ended.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}
