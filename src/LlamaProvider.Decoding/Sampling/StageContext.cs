using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>What a stage may know besides the candidates.</summary>
internal readonly ref struct StageContext
{
    private readonly ref Xoshiro256 _random;

    public StageContext(Vocabulary vocabulary, SamplerState state, int stage)
    {
        Vocabulary = vocabulary;
        History = state.Tokens;
        PromptLength = state.PromptLength;
        Tracker = state.TrackerOf(stage);
        _random = ref state.Memory.Random;
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>Prompt and answer so far.</summary>
    public ReadOnlySpan<int> History { get; }

    /// <summary>How many tokens of <see cref="History"/> are the prompt.</summary>
    public int PromptLength { get; }

    /// <summary>What the stage's own tracker has derived from <see cref="History"/>.</summary>
    public HistoryTracker? Tracker { get; }

    /// <summary>The sequence's random source; drawing from it advances the stream.</summary>
    public ref Xoshiro256 Random => ref _random;
}
