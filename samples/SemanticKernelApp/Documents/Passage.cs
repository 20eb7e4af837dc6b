namespace SemanticKernelApp.Documents;

/// <summary>A sentence of a document: what is searched, and what an answer may cite.</summary>
internal sealed record Passage
{
    /// <summary>The file's path in the folder.</summary>
    public required string File { get; init; }

    /// <summary>The line where its paragraph begins, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Its place in the paragraph, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The heading that it stands under; empty when there is none.</summary>
    public required string Heading { get; init; }

    /// <summary>The sentence, on one line.</summary>
    public required string Text { get; init; }

    /// <summary>Tells it from all others of the folder.</summary>
    public string Key => $"{File}:{Line}:{Number}";

    /// <summary>The text with its heading, which says what a short sentence is about.</summary>
    public string SearchText => Heading.Length > 0 ? $"{Heading}. {Text}" : Text;

    /// <summary>What <see cref="SearchText"/> means, as a vector of length 1; empty until it is embedded.</summary>
    public ReadOnlyMemory<float> Vector { get; init; }
}
