using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Strategies.Ranking;

/// <summary>Evaluates a query with a document and reads the rank head's score; generates nothing.</summary>
/// <remarks>
/// The score is one output, that of the last token. An encoder evaluates the text whole; a decoder's is a prompt like any other, which may be evaluated in chunks and begin with
/// a kept prefix: what stands before the document is the same for all documents of a query, so it is worth keeping.
/// </remarks>
/// <param name="tokens">The text, of at least one token.</param>
/// <param name="whole">Whether the model evaluates texts whole (<see cref="ModelCapabilities.EvaluatesWholeTexts"/>).</param>
internal sealed class RankingStrategy(ReadOnlyMemory<int> tokens, bool whole) : IDecodingStrategy
{
    public int MaxSequences => 1;

    public bool NeedsRelevance => true;

    /// <summary>The score, once the request has ended by itself.</summary>
    public float Relevance { get; private set; }

    public void Plan(IStepPlanner step) => step.Evaluate(0, tokens.Span, whole ? WantedOutputs.All : WantedOutputs.Last);

    public void Advance(IStepResults results)
    {
        Relevance = results.GetRelevance(whole ? tokens.Length - 1 : 0);
        results.Finish(GenerationEnd.EndOfGeneration);
    }

    public void Restart()
    {
        // Plan always wants the whole text.
    }

    public bool IsWorthKeeping(int sequence) => !whole;
}
