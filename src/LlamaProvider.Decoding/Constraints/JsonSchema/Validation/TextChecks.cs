using System.Text;
using System.Text.RegularExpressions;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Formats;
using LlamaProvider.Decoding.Constraints.Regex;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Validation;

/// <summary>Whether a text matches patterns and formats. A pattern that is no regular language is left to .NET's engine.</summary>
internal sealed class TextChecks(ConstraintLimits limits)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly JsonLexicon _lexicon = new(new ByteAlgebra(limits.Expressions), limits);
    private readonly Dictionary<string, Func<string, bool>> _patterns = new(StringComparer.Ordinal);

    public static int LengthOf(string text) => text.EnumerateRunes().Count();

    public bool Matches(string pattern, string text)
    {
        if (!_patterns.TryGetValue(pattern, out Func<string, bool>? match))
        {
            match = Compile(pattern);
            _patterns.Add(pattern, match);
        }

        return match(text);
    }

    public bool HasFormat(string format, string text) =>
        !StringFormats.TryGet(format, _lexicon.Encoding, _lexicon.Algebra, out ByteExpression? language) || IsOf(language, text);

    private Func<string, bool> Compile(string pattern)
    {
        try
        {
            ByteExpression language = RegexCompiler.Compile(pattern, isSearch: true, _lexicon.Encoding, _lexicon.Algebra, limits);
            return text => IsOf(language, text);
        }
        catch (LlamaException)
        {
            return Backtracking(pattern);
        }
    }

    private static Func<string, bool> Backtracking(string pattern)
    {
        var regex = new System.Text.RegularExpressions.Regex(pattern, RegexOptions.CultureInvariant, Patience);
        return text =>
        {
            try
            {
                return regex.IsMatch(text);
            }
            catch (RegexMatchTimeoutException error)
            {
                throw new ConstraintTooComplexException(
                    $"Whether a text matches the pattern '{pattern}' was not found out in {Patience.TotalSeconds} s. Write the pattern without nested repetitions: {error.Message}");
            }
        };
    }

    private bool IsOf(ByteExpression language, string text)
    {
        foreach (byte value in JsonText.Spell(text))
        {
            language = _lexicon.Algebra.Derive(language, value);
        }

        return language.IsNullable;
    }
}
