namespace LlamaProvider.Chat;

/// <summary>A part of an answer, as it becomes certain.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text, whole or the next part of it.</param>
internal readonly record struct AnswerPiece(AnswerPieceKind Kind, string Text);

/// <summary>What a part of an answer is.</summary>
internal enum AnswerPieceKind
{
    /// <summary>What the user reads.</summary>
    Text,

    /// <summary>What the model thought before.</summary>
    Reasoning,
}
