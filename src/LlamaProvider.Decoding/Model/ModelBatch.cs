using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LlamaProvider.Decoding.Model;

/// <summary>
/// The tokens of one evaluation: for each the token, its position, the sequences it enters and whether its output is wanted.
/// </summary>
/// <remarks>
/// A reusable buffer of one owner: fill, evaluate, <see cref="Clear"/>. It grows to the largest batch it has held and allocates nothing after that.
/// What a batch may hold is checked where it is evaluated, since the limits belong to the context.
/// </remarks>
[DebuggerDisplay("{Count} tokens, {OutputCount} outputs")]
public sealed class ModelBatch
{
    private readonly List<int> _tokens = [];
    private readonly List<int> _positions = [];
    private readonly List<int> _sequences = [];
    private readonly List<int> _sequenceEnds = [];
    private readonly List<bool> _wanted = [];

    /// <summary>Number of tokens.</summary>
    public int Count => _tokens.Count;

    /// <summary>Number of outputs.</summary>
    public int OutputCount { get; private set; }

    /// <summary>Whether hidden states are read beside the logits. Reset by <see cref="Clear"/>.</summary>
    public bool HiddenStates { get; set; }

    /// <summary>Whether the rank head's scores are read (<see cref="IModelContext.GetRelevance"/>). Reset by <see cref="Clear"/>.</summary>
    public bool Relevance { get; set; }

    /// <summary>The LoRA adapters that all of its tokens are evaluated with. Reset by <see cref="Clear"/>. Default: none.</summary>
    public AdapterSet Adapters { get; set; } = AdapterSet.None;

    /// <summary>The tokens.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>The position of each token.</summary>
    public ReadOnlySpan<int> Positions => CollectionsMarshal.AsSpan(_positions);

    /// <summary>Whether each token's output is wanted.</summary>
    public ReadOnlySpan<bool> Wanted => CollectionsMarshal.AsSpan(_wanted);

    /// <summary>Adds a token whose output is not needed.</summary>
    /// <param name="token">The token.</param>
    /// <param name="position">Its position, which follows the last one of its sequence.</param>
    /// <param name="sequence">The sequence it enters.</param>
    public void Add(int token, int position, int sequence) => Append(token, position, [sequence], wanted: false);

    /// <summary>Adds a token that several sequences share from the start.</summary>
    /// <param name="token">The token.</param>
    /// <param name="position">Its position, which follows the last one of each of its sequences.</param>
    /// <param name="sequences">The sequences it enters: at least one, all with the same positions so far.</param>
    public void Add(int token, int position, ReadOnlySpan<int> sequences) => Append(token, position, sequences, wanted: false);

    /// <summary>Adds a token and asks for its output.</summary>
    /// <param name="token">The token.</param>
    /// <param name="position">Its position, which follows the last one of its sequence.</param>
    /// <param name="sequence">The sequence it enters.</param>
    /// <returns>The index by which <see cref="IModelContext.GetLogits"/> reads the output.</returns>
    public int AddOutput(int token, int position, int sequence) => AddOutput(token, position, [sequence]);

    /// <inheritdoc cref="AddOutput(int, int, int)"/>
    /// <param name="token">The token.</param>
    /// <param name="position">Its position, which follows the last one of each of its sequences.</param>
    /// <param name="sequences">The sequences it enters: at least one, all with the same positions so far.</param>
    public int AddOutput(int token, int position, ReadOnlySpan<int> sequences)
    {
        Append(token, position, sequences, wanted: true);
        return OutputCount++;
    }

    /// <summary>The sequences that a token enters.</summary>
    /// <param name="index">Index of the token in the batch.</param>
    public ReadOnlySpan<int> GetSequences(int index)
    {
        int start = index == 0 ? 0 : _sequenceEnds[index - 1];
        return CollectionsMarshal.AsSpan(_sequences)[start.._sequenceEnds[index]];
    }

    /// <summary>Empties the batch and keeps its memory.</summary>
    public void Clear()
    {
        _tokens.Clear();
        _positions.Clear();
        _sequences.Clear();
        _sequenceEnds.Clear();
        _wanted.Clear();
        OutputCount = 0;
        HiddenStates = false;
        Relevance = false;
        Adapters = AdapterSet.None;
    }

    private void Append(int token, int position, ReadOnlySpan<int> sequences, bool wanted)
    {
        _tokens.Add(token);
        _positions.Add(position);
        _sequences.AddRange(sequences);
        _sequenceEnds.Add(_sequences.Count);
        _wanted.Add(wanted);
    }
}
