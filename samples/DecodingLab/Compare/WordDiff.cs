using DiffPlex;
using DiffPlex.Chunkers;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace DecodingLab.Compare;

/// <summary>A word, or what is between words, and in which of two texts it stands.</summary>
internal sealed record DiffWord(string Text, DiffKind Kind);

internal enum DiffKind
{
    Both,
    Left,
    Right,
}

/// <summary>The words by which two texts differ.</summary>
internal static class WordDiff
{
    public static IReadOnlyList<DiffWord> Of(string left, string right)
    {
        DiffPaneModel model = new InlineDiffBuilder(new Differ()).BuildDiffModel(left, right, ignoreWhitespace: false, ignoreCase: false, new WordChunker());
        return [.. model.Lines.Select(static piece => new DiffWord(piece.Text, piece.Type switch
        {
            ChangeType.Deleted => DiffKind.Left,
            ChangeType.Inserted => DiffKind.Right,
            _ => DiffKind.Both,
        }))];
    }
}
