using LlamaProvider.Decoding.Constraints.Grammar;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Definitions;

/// <summary>Text of a grammar.</summary>
/// <param name="Gbnf">The grammar in llama.cpp's notation.</param>
internal sealed record GrammarDefinition(string Gbnf) : GrammarBasedDefinition
{
    public override CompiledGrammar Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits, ConstraintWork? work = null) =>
        GrammarCompiler.Compile(Gbnf, vocabulary, limits, work);
}
