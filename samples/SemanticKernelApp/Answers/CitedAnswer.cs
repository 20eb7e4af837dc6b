namespace SemanticKernelApp.Answers;

/// <summary>An answer and where it comes from.</summary>
/// <param name="Text">The answer: words of the quote.</param>
/// <param name="Quote">A sentence of a document.</param>
/// <param name="File">The document.</param>
/// <param name="Line">The line where the sentence's paragraph begins.</param>
internal sealed record CitedAnswer(string Text, string Quote, string File, int Line);
