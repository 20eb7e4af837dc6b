namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>A grammar over one vocabulary, ready to match. Its states are made lazily behind a lock, so it may be shared by any number of sequences and threads.</summary>
internal sealed class CompiledGrammar
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

    public GrammarMatcher CreateMatcher() => new(this);
}
