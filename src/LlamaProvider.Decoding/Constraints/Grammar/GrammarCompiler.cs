using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Grammar.Compilation;
using LlamaProvider.Decoding.Constraints.Grammar.Syntax;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Grammar;

/// <summary>Compiles grammars in GBNF, the notation of llama.cpp.</summary>
/// <remarks>
/// <para>
/// The syntax is llama.cpp's (grammars/README.md there). It differs where llama.cpp would silently do something else than the grammar says: a range that runs backwards, an
/// empty class, a rule that is defined twice, a repetition {m,n} with n below m, and a rule that never ends are errors; counts above 2,000 are exact.
/// </para>
/// <para>
/// Texts are UTF-8 in its shortest form and end only after whole characters; llama.cpp also lets overlong forms and surrogates pass, and a text end within a character.
/// Control tokens are not text: their names are matched only by a token reference, whereas llama.cpp lets a model spell <c>&lt;|im_start|&gt;</c> with the token of that
/// name. A token reference matches any token, though it be part of a character, and the null character is a character like others; llama.cpp refuses both.
/// </para>
/// </remarks>
internal static class GrammarCompiler
{
    /// <summary>Compiles a grammar.</summary>
    /// <param name="gbnf">The rules; texts follow the rule <c>root</c>.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="limits">Bounds on the work.</param>
    /// <param name="work">The work, when somebody may call it off.</param>
    /// <exception cref="GrammarSyntaxException">The grammar is malformed, or says something that no text can satisfy.</exception>
    /// <exception cref="ConstraintTooComplexException">The grammar passes a limit.</exception>
    public static CompiledGrammar Compile(string gbnf, ConstraintVocabulary vocabulary, ConstraintLimits limits, ConstraintWork? work = null)
    {
        ParsedGrammar parsed = new GrammarParser(gbnf, new TokenNames(vocabulary.Vocabulary), limits).Parse();
        RuleGraph graph = RuleGraph.Analyze(parsed);
        var algebra = new ByteAlgebra(limits.Expressions, work);
        ByteExpression[] rules = new RuleBuilder(parsed, graph, algebra).Build();
        return new CompiledGrammar(
            new RuleAutomata(algebra, rules).StartOf(parsed.Root.Index)!, parsed.RefersToTokens ? vocabulary.WithTokenReferences : vocabulary);
    }
}
