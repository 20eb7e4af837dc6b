namespace LlamaProvider.Decoding.Strategies.Prefill;

/// <summary>Evaluates tokens and generates nothing, so that their cells can be kept for later requests.</summary>
internal sealed class PrefillStrategy(IReadOnlyCollection<int> tokens) : IDecodingStrategy
{
    private readonly int[] _tokens = [.. tokens];

    public int MaxSequences => 1;

    public void Plan(IStepPlanner step) => step.Evaluate(0, _tokens, WantedOutputs.Last);

    public void Advance(IStepResults results) => results.Finish(GenerationEnd.EndOfGeneration);

    public void Restart()
    {
        // A plan always begins at the first token.
    }
}
