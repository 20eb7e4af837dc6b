using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Definitions;

/// <summary>Phrases and lengths, in free text or in that of another constraint.</summary>
/// <param name="Base">The other constraint; <see langword="null"/> for free text.</param>
/// <param name="Required">What every text contains.</param>
/// <param name="Forbidden">What none contains.</param>
/// <param name="Lengths">How long texts are.</param>
internal sealed record ConditionsDefinition(GrammarBasedDefinition? Base, PhraseOptions Required, PhraseOptions Forbidden, LengthOptions Lengths) : ConstraintDefinition
{
    public override bool HasIncompleteTexts => Base is not null || !Required.IsEmpty || Lengths != LengthOptions.None;

    public override TextConditions Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits, ConstraintWork? work = null) =>
        ConstraintFactory.Compile(vocabulary, Base?.Compile(vocabulary, limits, work), Required, Forbidden, Lengths, limits, work);
}
