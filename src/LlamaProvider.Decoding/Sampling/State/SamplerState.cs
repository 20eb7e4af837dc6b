using System.Runtime.InteropServices;

namespace LlamaProvider.Decoding.Sampling.State;

/// <summary>All that a pipeline remembers of one sequence: its tokens, what stages derive from them, the random source, and the selector's memory.</summary>
/// <remarks>
/// One thread at a time. <see cref="Fork"/> gives an independent copy; <see cref="Rollback"/> takes tokens back as if they had never been chosen, the draws
/// that chose them included, for as many tokens as it was created to remember.
/// </remarks>
internal sealed class SamplerState
{
    private readonly List<int> _tokens;
    private readonly HistoryTracker?[] _trackers;
    private readonly SelectorMemory[] _journal;
    private SelectorMemory _beforeChoice;
    private bool _hasChosen;
    private int _remembered;

    /// <summary>The random source and the selector's memory.</summary>
    public SelectorMemory Memory;

    /// <param name="prompt">The tokens that precede the answer.</param>
    /// <param name="trackers">A tracker for each stage that has one; owned by the state from now on.</param>
    /// <param name="memory">The random source and the selector's memory at the start.</param>
    /// <param name="rollbackTokens">The most tokens that can be taken back.</param>
    public SamplerState(ReadOnlySpan<int> prompt, HistoryTracker?[] trackers, SelectorMemory memory, int rollbackTokens)
    {
        _tokens = new List<int>(prompt.Length);
        _trackers = trackers;
        _journal = new SelectorMemory[rollbackTokens];
        Memory = memory;
        PromptLength = prompt.Length;
        foreach (int token in prompt)
        {
            Append(token);
        }
    }

    private SamplerState(SamplerState other)
    {
        _tokens = [.. other._tokens];
        _trackers = Array.ConvertAll(other._trackers, tracker => tracker?.Fork());
        _journal = [.. other._journal];
        _beforeChoice = other._beforeChoice;
        _hasChosen = other._hasChosen;
        _remembered = other._remembered;
        Memory = other.Memory;
        PromptLength = other.PromptLength;
    }

    public int PromptLength { get; }

    /// <summary>Prompt and answer so far.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    public HistoryTracker? TrackerOf(int stage) => _trackers[stage];

    /// <summary>A choice begins; if its token is accepted and later taken back, the memory is as it is now.</summary>
    public void BeginChoice()
    {
        _beforeChoice = Memory;
        _hasChosen = true;
    }

    /// <summary>Adds a token to the answer, whether this state chose it or not.</summary>
    public void Accept(int token)
    {
        if (_journal.Length > 0)
        {
            _journal[(_tokens.Count - PromptLength) % _journal.Length] = _hasChosen ? _beforeChoice : Memory;
            _remembered = Math.Min(_remembered + 1, _journal.Length);
        }

        _hasChosen = false;
        Append(token);
    }

    /// <summary>Takes the last tokens of the answer back.</summary>
    /// <param name="count">How many. Range: 0 to the number that was accepted, at most the number that the state was created to remember.</param>
    public void Rollback(int count)
    {
        if ((uint)count > (uint)_remembered)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), $"{count} tokens cannot be taken back: {_remembered} are remembered. Create the state with more, or fork it before.");
        }

        _hasChosen &= count == 0;
        for (; count > 0; count--)
        {
            Span<int> tokens = CollectionsMarshal.AsSpan(_tokens);
            foreach (HistoryTracker? tracker in _trackers)
            {
                tracker?.Remove(tokens, PromptLength);
            }

            _tokens.RemoveAt(_tokens.Count - 1);
            _remembered--;
            Memory = _journal[(_tokens.Count - PromptLength) % _journal.Length];
        }
    }

    public SamplerState Fork() => new(this);

    /// <summary>Becomes a copy of another state of the same pipeline, in the memory that it has.</summary>
    public void CopyFrom(SamplerState other)
    {
        _tokens.Clear();
        _tokens.AddRange(other._tokens);
        for (int index = 0; index < _trackers.Length; index++)
        {
            _trackers[index] = other._trackers[index]?.Fork();
        }

        other._journal.CopyTo(_journal, 0);
        _beforeChoice = other._beforeChoice;
        _hasChosen = other._hasChosen;
        _remembered = other._remembered;
        Memory = other.Memory;
    }

    private void Append(int token)
    {
        _tokens.Add(token);
        ReadOnlySpan<int> tokens = Tokens;
        foreach (HistoryTracker? tracker in _trackers)
        {
            tracker?.Add(tokens, PromptLength);
        }
    }
}
