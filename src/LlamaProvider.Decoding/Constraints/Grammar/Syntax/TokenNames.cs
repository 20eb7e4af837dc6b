using System.Text;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Grammar.Syntax;

/// <summary>Finds the tokens that a grammar refers to.</summary>
internal sealed class TokenNames(Vocabulary vocabulary)
{
    public int Count => vocabulary.Count;

    public bool Has(int token) => (uint)token < (uint)vocabulary.Count;

    /// <summary>Whether a rule can match the token: it neither ends the generation nor stands for nothing.</summary>
    public bool CanFollow(int token) => !vocabulary.IsEndOfGeneration(token) && !vocabulary.GetBytes(token).IsEmpty;

    /// <summary>The tokens with a text. Those that a tokenizer takes whole come before ordinary ones of the same text, as they do in a tokenizer.</summary>
    public int[] Find(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int[] found = [.. Enumerable.Range(0, vocabulary.Count).Where(token => vocabulary.GetBytes(token).SequenceEqual(bytes))];
        int[] whole = [.. found.Where(token => (vocabulary.GetAttributes(token) & (TokenAttributes.Control | TokenAttributes.UserDefined)) != 0)];
        return whole.Length > 0 ? whole : found;
    }
}
