using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Completions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Validation;
using LlamaProvider.Decoding.Constraints.Lengths;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>A grammar over one vocabulary, ready to match. Its states are made lazily behind a lock, so it may be shared by any number of sequences and threads.</summary>
internal sealed class CompiledGrammar : ICompiledConstraint
{
    /// <param name="start">Where texts begin.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="sharedLock">The lock of the grammar whose states these states use; none when they use no other's.</param>
    public CompiledGrammar(RecognizerState start, ConstraintVocabulary vocabulary, Lock? sharedLock = null)
    {
        Lock = sharedLock ?? new Lock();
        Start = start;
        Vocabulary = vocabulary;
    }

    public RecognizerState Start { get; }

    public ConstraintVocabulary Vocabulary { get; }

    /// <summary>Held by whoever asks a state anything.</summary>
    public Lock Lock { get; }

    /// <summary>Find the legal tokens, one for each part of the vocabulary. Used under the lock.</summary>
    public MaskWalker[] Walkers => field ??= MakeWalkers();

    /// <summary>How texts are completed. Used under the lock.</summary>
    public GrammarCompletions Completions => field ??= new GrammarCompletions(Vocabulary);

    /// <summary>Checks what the states do not follow; <see langword="null"/> when they follow everything.</summary>
    public AnswerCheck? AnswerCheck { get; init; }

    /// <summary>The checks of parts that belong to somebody, by owner.</summary>
    public IReadOnlyDictionary<string, AnswerCheck> PartChecks { get; init; } = ImmutableDictionary<string, AnswerCheck>.Empty;

    public GrammarMatcher CreateMatcher() => new(this);

    ITokenConstraint ICompiledConstraint.CreateMatcher(int? maxTokens) => maxTokens is null ? CreateMatcher() : Conditions.CreateMatcher(maxTokens);

    Completion? ICompiledConstraint.FindTooLong(int maxTokens) => Conditions.FindTooLong(maxTokens);

    private MaskWalker[] MakeWalkers()
    {
        var composed = new ComposedMasks();
        return [.. Vocabulary.Parts.Select(part => new MaskWalker(part, composed))];
    }

    private TextConditions Conditions => new(this, LengthOptions.None, isFree: false, policy: null);
}
