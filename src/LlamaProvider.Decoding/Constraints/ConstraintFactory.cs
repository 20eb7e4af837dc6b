using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Intersections;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints;

/// <summary>Makes one constraint of a grammar, phrases and lengths.</summary>
internal static class ConstraintFactory
{
    /// <summary>Compiles the conditions; the result may be shared by any number of sequences.</summary>
    /// <exception cref="InvalidConstraintException">A value is out of its range, or no text meets all conditions.</exception>
    /// <exception cref="ConstraintTooComplexException">A limit is passed.</exception>
    public static TextConditions Compile(
        ConstraintVocabulary vocabulary,
        CompiledGrammar? grammar = null,
        PhraseOptions? required = null,
        PhraseOptions? forbidden = null,
        LengthOptions? lengths = null,
        ConstraintLimits? limits = null,
        ConstraintWork? work = null)
    {
        required ??= PhraseOptions.None;
        forbidden ??= PhraseOptions.None;
        lengths ??= LengthOptions.None;
        required.Validate("RequirePhrases", isRequired: true);
        forbidden.Validate("ForbidPhrases", isRequired: false);
        lengths.Validate();
        limits ??= ConstraintLimits.Default;
        var algebra = new ByteAlgebra(limits.Expressions, work);
        bool isPhrases = !required.Phrases.IsEmpty || !forbidden.Phrases.IsEmpty;
        LexemeState? texts = isPhrases || (grammar is null && lengths.CountsText) ? PhrasesOf(algebra, required, forbidden) : null;
        if (grammar is not null)
        {
            grammar = texts is null ? grammar : IntersectionGrammar.Intersect(grammar, texts, limits.Intersections, work)
                ?? throw new InvalidConstraintException(
                    "RequirePhrases", "No text of the grammar or schema contains all required phrases and no forbidden one. Require or forbid fewer, or loosen the grammar.");
            var inGrammar = new TextConditions(grammar, lengths, isFree: false, policy: null);
            CheckLengths(inGrammar);
            return inGrammar;
        }

        ICompletionPolicy? policy = texts is null ? null : new PhraseCompletions(required, vocabulary.Trie);
        RecognizerState start = texts ?? new ByteAutomaton(algebra, new Liveness(algebra), algebra.Anything).Start!;
        var conditions = new TextConditions(new CompiledGrammar(start, vocabulary), lengths, isFree: true, policy);
        CheckLengths(conditions);
        return conditions;
    }

    private static LexemeState PhrasesOf(ByteAlgebra algebra, PhraseOptions required, PhraseOptions forbidden)
    {
        ByteExpression language = PhraseLanguage.Build(algebra, required, forbidden);
        return new ByteAutomaton(algebra, new Liveness(algebra), language).Start
            ?? throw new InvalidConstraintException("RequirePhrases", "Every text with all required phrases contains a forbidden one. Require or forbid fewer.");
    }

    private static void CheckLengths(TextConditions conditions)
    {
        if (conditions.FindTooLong(int.MaxValue) is not { } shortest)
        {
            return;
        }

        string text = Encoding.UTF8.GetString(shortest.Text);
        if (shortest.Tokens == Completion.Unwritable)
        {
            throw new InvalidConstraintException("RequirePhrases", $"The vocabulary has no tokens that write '{text}'. Require other phrases.");
        }

        LengthOptions lengths = conditions.Lengths;
        string limits = string.Join(", ", new (string, int?)[] { ("MaxTokens", lengths.MaxTokens), ("MaxWords", lengths.MaxWords), ("MaxSentences", lengths.MaxSentences) }
            .Where(static limit => limit.Item2 is not null).Select(static limit => $"{limit.Item1} = {limit.Item2}"));
        throw new InvalidConstraintException(
            "MaxTokens",
            $"The lengths leave no room: a text that meets all conditions takes '{text}', {shortest.Tokens} tokens, and the minima of words and sentences, but {limits}. Raise the maxima.");
    }
}
