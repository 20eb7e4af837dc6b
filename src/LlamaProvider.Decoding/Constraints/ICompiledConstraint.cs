using LlamaProvider.Decoding.Constraints.Lengths;

namespace LlamaProvider.Decoding.Constraints;

/// <summary>A constraint that is ready for one vocabulary. Any number of sequences and threads may share it.</summary>
internal interface ICompiledConstraint
{
    /// <summary>The constraint at the beginning of one sequence.</summary>
    /// <param name="maxTokens">
    /// The most tokens that the sequence takes, those that end it not counted: as far as it is known how, the text is completed within them. <see langword="null"/> for no limit.
    /// </param>
    ITokenConstraint CreateMatcher(int? maxTokens = null);

    /// <summary>The shortest text that is known, when it does not fit so many tokens; <see langword="null"/> when it does, or none is known.</summary>
    Completion? FindTooLong(int maxTokens);
}
