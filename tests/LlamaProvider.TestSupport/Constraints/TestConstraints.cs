using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.TestSupport.Constraints;

/// <summary>Constraints without an engine.</summary>
internal static class TestConstraints
{
    /// <summary>Texts that a pattern matches as a whole; errors call it "pattern".</summary>
    public static SequenceConstraint Regex(Vocabulary vocabulary, string pattern) => new("pattern", Compile(vocabulary, pattern).CreateMatcher());

    public static CompiledGrammar Compile(Vocabulary vocabulary, string pattern) =>
        new RegexDefinition(pattern).Compile(new ConstraintVocabulary(vocabulary), ConstraintLimits.Default);

    /// <summary>The same tokens at every place.</summary>
    public static SequenceConstraint Tokens(TokenMask mask) => new("tokens", new FixedConstraint(mask));

    private sealed class FixedConstraint(TokenMask legal) : ITokenConstraint
    {
        public bool CanEnd => false;

        public void FillMask(TokenMask mask) => mask.CopyFrom(legal);

        public int ReadForcedText(Span<byte> destination, out ByteSet next)
        {
            next = ByteSet.All;
            return 0;
        }

        public bool Accept(int token) => legal[token];

        public void Rollback(int count)
        {
            // It has no state.
        }

        public ITokenConstraint Fork() => this;
    }
}
