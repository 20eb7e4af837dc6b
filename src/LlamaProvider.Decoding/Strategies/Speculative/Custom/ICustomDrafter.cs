namespace LlamaProvider.Decoding.Strategies.Speculative.Custom;

/// <summary>A drafter of your own, registered with an engine by name: it guesses how an answer goes on, and the model verifies the guess.</summary>
/// <remarks>
/// One instance serves one request. It is called on the engine's thread between two evaluations, so time spent here is time that every request waits; it is measured, and drafts that
/// cost more than they give are no longer asked for. Answers are those that the model would give without it, whatever it drafts.
/// </remarks>
public interface ICustomDrafter
{
    /// <summary>Guesses the next tokens.</summary>
    /// <param name="tokens">The tokens of the prompt and of the answer so far.</param>
    /// <param name="destination">Takes the guessed tokens, from the first on; the draft ends before one that is no token of the vocabulary, or is not legal.</param>
    /// <returns>How many were guessed. Range: 0 to the length of <paramref name="destination"/>.</returns>
    /// <exception cref="Exception">Whatever it throws ends its drafting for this request and is logged as a warning; the answer goes on.</exception>
    int Draft(ReadOnlySpan<int> tokens, Span<int> destination);
}

/// <summary>Makes a drafter for one request. Safe for concurrent calls.</summary>
/// <param name="vocabulary">The model's tokens.</param>
/// <returns>The drafter.</returns>
public delegate ICustomDrafter CustomDrafterFactory(Model.Vocabulary vocabulary);
