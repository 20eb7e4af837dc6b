using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Intersections;

/// <summary>A state of a grammar with one of an automaton that reads along.</summary>
internal interface IIntersected
{
    /// <summary>Where the grammar's rule is.</summary>
    RecognizerState State { get; }

    /// <summary>Where the automaton is.</summary>
    LexemeState Automaton { get; }

    /// <summary>Where the automaton is to be when the rule ends; <see langword="null"/> for any state that accepts.</summary>
    LexemeState? AutomatonAtEnd { get; }
}
