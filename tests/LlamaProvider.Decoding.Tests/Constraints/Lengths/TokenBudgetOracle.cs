using System.Text;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Tests.Constraints.Lengths;

/// <summary>Whether a text can be completed with at most so many tokens, by trying all.</summary>
/// <param name="vocabulary">The tokens.</param>
/// <param name="isText">Whether a text is complete and legal.</param>
/// <param name="isHopeless">Whether no text that begins so is legal, as far as that can be told.</param>
internal sealed class TokenBudgetOracle(Vocabulary vocabulary, Func<string, bool> isText, Func<string, bool> isHopeless)
{
    private readonly Dictionary<(string, int), bool> _known = [];

    public bool CanComplete(string text, int tokens)
    {
        if (_known.TryGetValue((text, tokens), out bool known))
        {
            return known;
        }

        bool can = isText(text) || (tokens > 0 && !isHopeless(text) && Enumerable.Range(0, vocabulary.Count)
            .Any(token => vocabulary.IsText(token) && !vocabulary.GetBytes(token).IsEmpty && CanComplete(text + Encoding.UTF8.GetString(vocabulary.GetBytes(token)), tokens - 1)));
        _known.Add((text, tokens), can);
        return can;
    }
}
