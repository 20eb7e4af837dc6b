using LlamaProvider.Decoding.Strategies.Speculative;

namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>What some answers took.</summary>
internal sealed class RunCounts
{
    /// <summary>Tokens that were chosen, the ones that end answers included.</summary>
    public int Tokens { get; private set; }

    public int Steps { get; private set; }

    public int DraftedSteps { get; private set; }

    public int DraftedTokens { get; private set; }

    /// <summary>Those of the drafted tokens that the draft model drafted.</summary>
    public int ModelTokens { get; private set; }

    public int AcceptedTokens { get; private set; }

    /// <summary>Drafts that were accepted as far as the draft model's are long.</summary>
    public int FullDrafts { get; private set; }

    /// <param name="tokens">Tokens of an answer.</param>
    /// <param name="modelLength">The most tokens of the draft model's drafts.</param>
    /// <param name="statistics">How they fared.</param>
    public void Add(int tokens, int modelLength, SpeculationStatistics? statistics)
    {
        Tokens += tokens;
        if (statistics is null)
        {
            return;
        }

        Steps += statistics.Steps;
        DraftedSteps += statistics.DraftedSteps;
        DraftedTokens += statistics.DraftedTokens;
        ModelTokens += statistics.DraftedTokensByDrafter.GetValueOrDefault(PairBench.DraftName);
        AcceptedTokens += statistics.AcceptedTokens;
        if (modelLength <= statistics.AcceptedByPosition.Length)
        {
            FullDrafts += statistics.AcceptedByPosition[modelLength - 1];
        }
    }
}
