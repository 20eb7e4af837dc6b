namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>Brings the live texts into sequences: the prompt once, then one token a text and step, with forks where texts part.</summary>
/// <remarks>
/// After the sequences were taken away, what all texts begin with is evaluated once, and then, from forks of it, the rest of each.
/// </remarks>
/// <param name="width">How many sequences there are.</param>
internal sealed class BeamSequences(int width)
{
    private readonly SequenceAssignment _assignment = new(width);
    private int _common;
    private bool _isEmpty = true;

    /// <summary>Whether the last plan evaluated only what texts have in common, so that there is nothing to decide yet.</summary>
    public bool IsRebuilding { get; private set; }

    /// <summary>Says what to evaluate.</summary>
    /// <param name="beams">The live texts, each with its parent's sequence.</param>
    /// <param name="step">Takes the wishes.</param>
    public void Plan(List<LiveBeam> beams, IStepPlanner step)
    {
        if (_isEmpty)
        {
            PlanCommon(beams, step);
        }
        else
        {
            PlanOwn(beams, IsRebuilding ? _common : beams[0].Sampler.Tokens.Length - 1, step);
        }
    }

    /// <summary>The sequences are empty again.</summary>
    public void Restart() => (_isEmpty, IsRebuilding) = (true, false);

    /// <summary>Before the first token all texts are the prompt, and share its output.</summary>
    private void PlanCommon(List<LiveBeam> beams, IStepPlanner step)
    {
        beams.ForEach(static beam => (beam.Sequence, beam.Output) = (0, 0));
        ReadOnlySpan<int> first = beams[0].Sampler.Tokens;
        bool isOne = beams.TrueForAll(beam => beam.Answer.IsEmpty) || beams.Count == 1;
        _common = first.Length - (isOne ? 0 : 1);
        foreach (LiveBeam beam in beams)
        {
            _common = Math.Min(_common, first.CommonPrefixLength(beam.Sampler.Tokens));
        }

        step.Evaluate(0, first[.._common], WantedOutputs.Last);
        (_isEmpty, IsRebuilding) = (false, !isOne);
    }

    /// <summary>Every text goes on in a sequence of its own. All live texts have the same length.</summary>
    private void PlanOwn(List<LiveBeam> beams, int start, IStepPlanner step)
    {
        IsRebuilding = false;
        _assignment.Assign(beams);
        foreach (int sequence in _assignment.Dropped)
        {
            step.Trim(sequence, 0);
        }

        foreach ((int source, int destination) in _assignment.Forks)
        {
            step.Fork(source, destination);
        }

        for (int index = 0; index < beams.Count; index++)
        {
            beams[index].Output = index;
            step.Evaluate(beams[index].Sequence, beams[index].Sampler.Tokens[start..], WantedOutputs.Last);
        }
    }
}
