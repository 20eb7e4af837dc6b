using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Composition;

/// <summary>A text that is put together of parts.</summary>
/// <param name="Root">The whole text.</param>
internal sealed record CompositeDefinition(TextPart Root) : GrammarBasedDefinition
{
    /// <exception cref="InvalidConstraintException">A part that belongs to somebody has an error, or no text meets the whole.</exception>
    public override CompiledGrammar Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits, ConstraintWork? work = null)
    {
        var builder = new CompositeBuilder(vocabulary, limits, work);
        ByteExpression language = builder.Of(Root);
        RecognizerState start = new ByteAutomaton(builder.Algebra, new Liveness(builder.Algebra), language, builder).Start
            ?? throw new InvalidConstraintException("constraint", "No text meets all parts of the constraint. Loosen those that exclude each other.");
        return new CompiledGrammar(start, builder.RefersToTokens ? vocabulary.WithTokenReferences : vocabulary) { PartChecks = builder.Checks };
    }
}
