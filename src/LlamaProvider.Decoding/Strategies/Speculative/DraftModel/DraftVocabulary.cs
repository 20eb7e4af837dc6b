using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Strategies.Speculative.DraftModel;

/// <summary>Whether a draft model's tokens are the model's.</summary>
/// <remarks>
/// As llama.cpp's <c>common_speculative_are_compatible</c>: the same beginning and end of text, sizes that differ by at most <see cref="MaxSizeDifference"/>, and the same bytes for each token
/// from <see cref="FirstCompared"/> on. (The first tokens of related models often have other names.)
/// </remarks>
internal static class DraftVocabulary
{
    /// <summary>By how much the sizes may differ.</summary>
    public const int MaxSizeDifference = 128;

    /// <summary>The first token that is compared.</summary>
    public const int FirstCompared = 5;

    /// <summary>How the two differ; <see langword="null"/> when the draft model can draft for the model.</summary>
    public static string? FindDifference(Vocabulary model, Vocabulary draft)
    {
        if (Math.Abs(model.Count - draft.Count) > MaxSizeDifference)
        {
            return $"it has {draft.Count} tokens and the model {model.Count}, but the numbers may differ by {MaxSizeDifference} at most";
        }

        if (model.Special.PrependsBeginningOfText != draft.Special.PrependsBeginningOfText ||
            (model.Special.PrependsBeginningOfText && model.Special.BeginningOfText != draft.Special.BeginningOfText))
        {
            return $"its texts begin with {Name(draft.Special.PrependsBeginningOfText, draft.Special.BeginningOfText)}, the model's with " +
                Name(model.Special.PrependsBeginningOfText, model.Special.BeginningOfText);
        }

        if (model.Special.EndOfText != draft.Special.EndOfText)
        {
            return $"its texts end with {Name(true, draft.Special.EndOfText)}, the model's with {Name(true, model.Special.EndOfText)}";
        }

        for (int token = FirstCompared; token < Math.Min(model.Count, draft.Count); token++)
        {
            if (!model.GetBytes(token).SequenceEqual(draft.GetBytes(token)))
            {
                return $"token {token} is '{draft.GetText(token)}' and the model's is '{model.GetText(token)}'";
            }
        }

        return null;
    }

    private static string Name(bool isUsed, int? token) => isUsed && token is int id ? $"token {id}" : "no token";
}
