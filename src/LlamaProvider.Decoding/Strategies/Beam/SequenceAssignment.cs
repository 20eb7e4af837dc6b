namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>Which sequences hold the texts of the next step. Reused from step to step.</summary>
/// <remarks>
/// Of several texts with one parent the first takes over the parent's sequence; each other one gets a sequence that no text needs, and becomes a fork of the parent's. So a fork never
/// overwrites a sequence that is still needed, and a step has as many forks as parents have further children.
/// </remarks>
/// <param name="sequences">How many sequences there are, at least as many as texts.</param>
internal sealed class SequenceAssignment(int sequences)
{
    private readonly bool[] _kept = new bool[sequences];
    private readonly List<int> _dropped = [];
    private readonly List<(int Source, int Destination)> _forks = [];
    private bool[] _taken = new bool[sequences];
    private bool[] _before = new bool[sequences];

    /// <summary>Sequences that no text needs any more.</summary>
    public List<int> Dropped => _dropped;

    /// <summary>What is to be forked.</summary>
    public List<(int Source, int Destination)> Forks => _forks;

    /// <summary>Gives every text a sequence of its own; until then it has its parent's.</summary>
    public void Assign(List<LiveBeam> beams)
    {
        _forks.Clear();
        _dropped.Clear();
        (_before, _taken) = (_taken, _before);
        Array.Clear(_taken);
        Array.Clear(_kept);
        foreach (LiveBeam beam in beams)
        {
            _taken[beam.Sequence] = true;
        }

        foreach (LiveBeam beam in beams)
        {
            if (_kept[beam.Sequence])
            {
                int free = Array.IndexOf(_taken, false);
                _taken[free] = true;
                _forks.Add((beam.Sequence, free));
                beam.Sequence = free;
            }

            _kept[beam.Sequence] = true;
        }

        for (int sequence = 0; sequence < _taken.Length; sequence++)
        {
            if (_before[sequence] && !_taken[sequence])
            {
                _dropped.Add(sequence);
            }
        }
    }
}
