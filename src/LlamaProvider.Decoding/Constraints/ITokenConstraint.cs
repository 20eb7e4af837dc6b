using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints;

/// <summary>What one sequence may still say: which tokens are legal next, and whether the text may end.</summary>
/// <remarks>
/// <para>
/// <b>Promise.</b> A token is in the mask exactly when some legal text begins with the text so far and the token's bytes; the vocabulary's end-of-generation tokens are in it
/// exactly when the text may end here. So a sequence that follows the masks is never led into a dead end.
/// </para>
/// <para><b>Threads.</b> A constraint belongs to one sequence, and one thread at a time. Forks are independent and may run at the same time.</para>
/// </remarks>
internal interface ITokenConstraint
{
    /// <summary>Whether the text so far is complete.</summary>
    bool CanEnd { get; }

    /// <summary>Overwrites a mask with the legal tokens.</summary>
    void FillMask(TokenMask mask);

    /// <summary>
    /// Reads ahead as long as exactly one byte may come next and the text may not end: those bytes need no model. Changes nothing. How they split into tokens is the
    /// tokenizer's business.
    /// </summary>
    /// <param name="destination">Takes the bytes; reading ends where it is full.</param>
    /// <param name="next">The bytes that may follow what was read; none where only the end or a token that is no text may.</param>
    /// <returns>How many bytes were read.</returns>
    int ReadForcedText(Span<byte> destination, out ByteSet next);

    /// <summary>Adds a token to the text.</summary>
    /// <returns>Whether it is legal; if not, nothing has changed.</returns>
    bool Accept(int token);

    /// <summary>Takes the last tokens back.</summary>
    /// <param name="count">How many. Range: 0 to the number of tokens accepted.</param>
    void Rollback(int count);

    /// <summary>An independent copy with the same text.</summary>
    ITokenConstraint Fork();
}
