namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>The best finished texts of a group, best first. Of equal scores the earlier text is the better one.</summary>
/// <param name="capacity">How many it keeps.</param>
internal sealed class FinishedBeams(int capacity)
{
    private readonly List<BeamHypothesis> _best = [];

    public IReadOnlyList<BeamHypothesis> Best => _best;

    public bool IsFull => _best.Count == capacity;

    /// <summary>The score that a text has to exceed when it is full.</summary>
    public double WorstScore => _best[^1].Score;

    /// <summary>Whether a text of a score would be kept.</summary>
    public bool Takes(double score) => !IsFull || score > WorstScore;

    /// <summary>Adds a text that it takes, in place of the worst when it is full.</summary>
    public void Add(BeamHypothesis text)
    {
        if (IsFull)
        {
            _best.RemoveAt(_best.Count - 1);
        }

        int index = _best.FindIndex(other => text.Score > other.Score);
        _best.Insert(index < 0 ? _best.Count : index, text);
    }
}
