using LlamaProvider.Decoding.Model;
using LlamaProvider.Models.Gguf;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native;

/// <summary>What llama.cpp's memory of a model can do.</summary>
internal static class MemoryCapabilities
{
    /// <param name="keepsRunningState">Whether the model is recurrent, in all or some of its layers.</param>
    /// <param name="ropeType">How positions are encoded (<see cref="RopeType"/>).</param>
    /// <param name="traits">What its file tells.</param>
    public static ModelCapabilities Of(bool keepsRunningState, int ropeType, ModelTraits traits)
    {
        bool attentionOnly = !traits.EvaluatesWholeTexts && !keepsRunningState;
        bool onePosition = ropeType is not (RopeType.Multiple or RopeType.Vision or RopeType.InterleavedMultiple);
        return new ModelCapabilities
        {
            CanTrim = attentionOnly,
            CanShift = attentionOnly && onePosition,
            CanSaveState = !traits.EvaluatesWholeTexts,

            // With a head, llama.cpp gives what the head makes of the states instead of them.
            HasHiddenStates = !traits.HasRankHead,
            HasRankHead = traits.HasRankHead,
            EvaluatesWholeTexts = traits.EvaluatesWholeTexts,
        };
    }
}
