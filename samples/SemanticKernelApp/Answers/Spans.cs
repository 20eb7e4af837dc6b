namespace SemanticKernelApp.Answers;

/// <summary>Words of a sentence that follow each other.</summary>
internal static class Spans
{
    private const int MostWords = 12;

    /// <summary>Every span of up to 12 words, and the sentence itself. Signs at the ends of a span are left out.</summary>
    public static IEnumerable<string> Of(string sentence)
    {
        string[] words = sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> spans =
            from start in Enumerable.Range(0, words.Length)
            from length in Enumerable.Range(1, Math.Min(MostWords, words.Length - start))
            let span = string.Join(' ', words, start, length).Trim('.', ',', ';', ':', '!', '?', '(', ')', '"')
            where span.Length > 0
            select span;
        return spans.Append(sentence).Distinct();
    }
}
