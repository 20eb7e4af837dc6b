using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Devices;
using LlamaProvider.Options;

namespace LlamaProvider;

/// <content>What can be wrong with them.</content>
public sealed partial class LlamaEngineOptions
{
    /// <summary>What is wrong with these options, all of it; empty when nothing is.</summary>
    internal IEnumerable<string> FindErrors(bool requireModelPath)
    {
        if (requireModelPath && string.IsNullOrWhiteSpace(ModelPath))
        {
            yield return $"{nameof(ModelPath)} is empty, but the engine needs a model. Name a GGUF file.";
        }

        if (QueueLimit < 1)
        {
            yield return $"{nameof(QueueLimit)} is {QueueLimit}, but must be 1 or more. Change the option or leave it unset.";
        }

        if (LongestPause <= TimeSpan.Zero)
        {
            yield return $"{nameof(LongestPause)} is {LongestPause}, but must be above 0. Change the option or leave it unset.";
        }

        foreach ((string name, string path) in Adapters)
        {
            if (string.IsNullOrWhiteSpace(name) || string.IsNullOrWhiteSpace(path))
            {
                yield return $"{nameof(Adapters)} has the name '{name}' with the file '{path}', but needs both. Name a GGUF file, or remove the entry.";
            }
        }

        foreach ((string name, string path) in DraftModels)
        {
            if (string.IsNullOrWhiteSpace(name) || string.IsNullOrWhiteSpace(path))
            {
                yield return $"{nameof(DraftModels)} has the name '{name}' with the file '{path}', but needs both. Name a GGUF file, or remove the entry.";
            }

            if (CustomDrafters.ContainsKey(name))
            {
                yield return $"{nameof(DraftModels)} and {nameof(CustomDrafters)} both have the name '{name}', but requests name one. Rename one of them.";
            }
        }

        foreach (string name in AnswerScorers.Keys.Where(static name => name is Scoring.AnswerScorers.LikelihoodName or Scoring.AnswerScorers.SelfConsistencyName))
        {
            yield return $"{nameof(AnswerScorers)} has the name '{name}', which is the library's own. Rename the scorer.";
        }

        if (GpuLayers < 0)
        {
            yield return $"{nameof(GpuLayers)} is {GpuLayers}, but must be 0 or more. Change the option or leave it unset.";
        }

        if (SplitMode is { } mode && !Enum.IsDefined(mode))
        {
            yield return $"{nameof(SplitMode)} is {mode}, but must be None, Layer or Row. Change the option or leave it unset.";
        }

        if (MainDevice is not null && SplitMode == LlamaSplitMode.Layer)
        {
            yield return $"{nameof(MainDevice)} is '{MainDevice}', but with {nameof(SplitMode)} Layer no GPU leads. Leave one of them unset, or choose None or Row.";
        }

        if (PrefixSpillBytes < 0)
        {
            yield return $"{nameof(PrefixSpillBytes)} is {PrefixSpillBytes}, but must be 0 or more. Change the option or leave it unset.";
        }

        if (ConstraintCacheSize < 0)
        {
            yield return $"{nameof(ConstraintCacheSize)} is {ConstraintCacheSize}, but must be 0 or more. Change the option or leave it unset.";
        }

        foreach (string error in ConstraintLimits.FindErrors())
        {
            yield return error;
        }

        if (HiddenStateTokens < Sequences || HiddenStateTokens > BatchTokens)
        {
            yield return $"{nameof(HiddenStateTokens)} is {HiddenStateTokens}, but must be from {Sequences} to {BatchTokens} with these {nameof(Sequences)} and {nameof(BatchTokens)}. " +
                "Change the option or leave it unset.";
        }

        int most = MostKeptSequences(ContextLength);
        if (PrefixCacheSequences < 0 || PrefixCacheSequences > most)
        {
            yield return $"{nameof(PrefixCacheSequences)} is {PrefixCacheSequences}, but must be from 0 to {most} with these {nameof(Sequences)}, {nameof(BatchTokens)} " +
                $"and {nameof(ContextLength)}. Change the option or leave it unset.";
        }

        int kept = PrefixCacheSequences ?? Math.Min(DefaultKeptSequences, most);
        if (kept >= 0 && PinnedPrompts.Count > kept)
        {
            yield return $"{nameof(PinnedPrompts)} holds {PinnedPrompts.Count} prompts, but {nameof(PrefixCacheSequences)} is {kept}. Raise the one or remove some of the other.";
        }

        foreach (string error in (ToContextOptions(ContextLength, 0) with { Outputs = null }).FindErrors())
        {
            yield return error;
        }
    }

    internal void Validate(bool requireModelPath)
    {
        string[] errors = [.. FindErrors(requireModelPath)];
        if (errors.Length > 0)
        {
            throw new InvalidOptionsException(nameof(LlamaEngineOptions), errors);
        }
    }

    /// <summary>Refuses <see cref="PrefixSpillBytes"/> where it could never do anything.</summary>
    internal void RequireSpill(ILanguageModel model, ContextOptions context)
    {
        string? problem = PrefixSpillBytes == 0 ? null
            : context.KeptSequences == 0 ? $"{nameof(PrefixCacheSequences)} is 0, so nothing is kept that could be copied. Raise the one or leave the other unset."
            : !model.Capabilities.CanSaveState ? $"the memory of '{model.Description.Name}' cannot be saved. Leave the option unset."
            : null;
        if (problem is not null)
        {
            throw new InvalidOptionsException(nameof(LlamaEngineOptions), [$"{nameof(PrefixSpillBytes)} is {PrefixSpillBytes}, but {problem}"]);
        }
    }
}
