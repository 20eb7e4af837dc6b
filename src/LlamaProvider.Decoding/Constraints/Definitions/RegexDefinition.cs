using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Constraints.Regex;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

namespace LlamaProvider.Decoding.Constraints.Definitions;

/// <summary>Text that a regular expression matches as a whole.</summary>
/// <param name="Pattern">The regular expression.</param>
internal sealed record RegexDefinition(string Pattern) : GrammarBasedDefinition
{
    public override CompiledGrammar Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits, ConstraintWork? work = null)
    {
        var algebra = new ByteAlgebra(limits.Expressions, work);
        ByteExpression language = RegexCompiler.Compile(Pattern, isSearch: false, Utf8Encoding.Instance, algebra, limits);
        LexemeState start = new ByteAutomaton(algebra, new Liveness(algebra), language).Start
            ?? throw new RegexSyntaxException(Pattern, 0, "No text matches it.", "Loosen the parts that exclude each other.");
        return new CompiledGrammar(start, vocabulary);
    }
}
