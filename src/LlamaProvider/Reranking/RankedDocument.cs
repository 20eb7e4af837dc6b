namespace LlamaProvider.Reranking;

/// <summary>A document with its score.</summary>
/// <param name="Index">Its place among the documents of the call, from 0.</param>
/// <param name="Score">How relevant it is to the query: higher for more. Comparable among the documents of one model, whose affair the range is, unless scores are normalized (0 to 1).</param>
/// <param name="Text">The document.</param>
public readonly record struct RankedDocument(int Index, float Score, string Text);
