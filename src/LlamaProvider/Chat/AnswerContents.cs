using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>Turns pieces of an answer into contents of a message.</summary>
internal static class AnswerContents
{
    /// <summary>One content for each run of pieces of a kind.</summary>
    /// <param name="pieces">The pieces, in order.</param>
    /// <param name="withReasoning">Whether reasoning is returned.</param>
    public static List<AIContent> Create(List<AnswerPiece> pieces, bool withReasoning)
    {
        var contents = new List<AIContent>();
        for (int index = 0; index < pieces.Count;)
        {
            AnswerPieceKind kind = pieces[index].Kind;
            int start = index;
            while (index < pieces.Count && pieces[index].Kind == kind)
            {
                index++;
            }

            if (kind != AnswerPieceKind.Reasoning || withReasoning)
            {
                string text = index == start + 1 ? pieces[start].Text : string.Concat(pieces[start..index].Select(piece => piece.Text));
                contents.Add(kind == AnswerPieceKind.Reasoning ? new TextReasoningContent(text) : new TextContent(text));
            }
        }

        return contents;
    }
}
