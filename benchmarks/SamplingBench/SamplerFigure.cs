using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Stages;
using static LlamaProvider.Benchmarks.Sampling.LibSampler;

namespace LlamaProvider.Benchmarks.Sampling;

/// <summary>The same sampling on both sides.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Ours">Our pipeline.</param>
/// <param name="AddTo">Adds the peer's samplers to its chain.</param>
internal sealed record SamplerFigure(string Name, SamplerPipeline Ours, Action<SamplerChain> AddTo)
{
    private const uint Seed = 42;

    /// <summary>Whether the logits are flat instead of a model's.</summary>
    public bool IsFlat { get; init; }

    /// <summary>What is compared in place of this before measuring, where this leaves the candidates to chance.</summary>
    public SamplerFigure? Checked { get; init; }

    /// <summary>A pipeline that must give something else on the same logits, or what the figure adds to it did nothing.</summary>
    public SamplerPipeline? Without { get; init; }

    /// <summary>All figures.</summary>
    /// <param name="vocabulary">The vocabulary in which the peer looks for DRY's sequence breakers.</param>
    public static IReadOnlyList<SamplerFigure> All(nint vocabulary) =>
    [
        Default("default chain", SamplerPipeline.Balanced, NoPenalties, NoDry, NoXtc),
        Default("default chain with penalties", SamplerPipeline.Balanced.With(OurPenalties), Penalties, NoDry, NoXtc) with { Without = SamplerPipeline.Balanced },
        Default("default chain with DRY", SamplerPipeline.Balanced.With(OurDry), NoPenalties, () => Dry(vocabulary), NoXtc) with { Without = SamplerPipeline.Balanced },
        Everything(vocabulary, 0.5) with { Checked = Everything(vocabulary, 1), Without = SamplerPipeline.Balanced },
        Truncation("top-p 0.95", s => s.TopP(0.95), () => InitTopP(0.95f, 0)),
        Truncation("top-p 0.95, flat", s => s.TopP(0.95), () => InitTopP(0.95f, 0)) with { IsFlat = true },
        Truncation("min-p 0.05", s => s.MinP(0.05), () => InitMinP(0.05f, 0)),
        Truncation("typical 0.9", s => s.Typical(0.9), () => InitTypical(0.9f, 0)),
        Truncation("typical 0.9, flat", s => s.Typical(0.9), () => InitTypical(0.9f, 0)) with { IsFlat = true },
        Truncation("top-n-sigma 1", s => s.TopNSigma(1), () => InitTopNSigma(1)),
        new("temperature 0.8", SamplerPipeline.Create(s => s.Temperature(0.8)), chain => chain.Add(InitTemperature(0.8f)).Add(InitDraw(Seed))),
        new(
            "mirostat 2",
            SamplerPipeline.Create(s => s.Temperature(0.8).MirostatV2()),
            chain => chain.Add(InitTemperature(0.8f)).Add(InitMirostatV2(Seed, 5, 0.1f))),
        new("greedy", SamplerPipeline.Deterministic, chain => chain.Add(InitGreedy())),
    ];

    private static PenaltiesStage OurPenalties => new(repeat: 1.1, frequency: 0.2, presence: 0.1, lastTokens: 64, countPrompt: true);

    /// <summary>The whole text: while a round lasts it gets longer, and the window stays as long as it was at the start.</summary>
    private static DryStage OurDry => new(lastTokens: Workload.HistoryLength);

    private static nint NoPenalties(int vocabularyCount) => InitPenalties(vocabularyCount, 64, 1, 0, 0);

    private static nint Penalties(int vocabularyCount) => InitPenalties(vocabularyCount, 64, 1.1f, 0.2f, 0.1f);

    private static nint NoDry() => InitDry(0, 0, 1.75f, 2, Workload.HistoryLength, [], 0);

    private static nint Dry(nint vocabulary)
    {
        string[] breakers = [.. DryStage.DefaultSequenceBreakers];
        return InitDry(vocabulary, 0.8f, 1.75f, 2, Workload.HistoryLength, breakers, (nuint)breakers.Length);
    }

    private static nint NoXtc() => InitXtc(0, 0.1f, 0, Seed);

    private static SamplerFigure Everything(nint vocabulary, double xtcProbability) => Default(
        "default chain with penalties, DRY, XTC",
        SamplerPipeline.Balanced.With(OurPenalties).With(OurDry).With(new XtcStage(xtcProbability)),
        Penalties,
        () => Dry(vocabulary),
        () => InitXtc((float)xtcProbability, 0.1f, 0, Seed));

    /// <summary>llama.cpp's own order and values, with every sampler in the chain, as its programs build it.</summary>
    private static SamplerFigure Default(string name, SamplerPipeline ours, Func<int, nint> penalties, Func<nint> dry, Func<nint> xtc)
    {
        return new SamplerFigure(name, ours, AddTo);

        unsafe void AddTo(SamplerChain chain) => chain
            .Add(InitLogitBias(chain.VocabularyCount, 0, null))
            .Add(penalties(chain.VocabularyCount))
            .Add(dry())
            .Add(InitTopNSigma(-1))
            .Add(InitTopK(40))
            .Add(InitTypical(1, 0))
            .Add(InitTopP(0.95f, 0))
            .Add(InitMinP(0.05f, 0))
            .Add(xtc())
            .Add(InitDynamicTemperature(0.8f, 0, 1))
            .Add(InitDraw(Seed));
    }

    /// <summary>One truncation on the whole vocabulary, then the temperature and the draw.</summary>
    private static SamplerFigure Truncation(string name, Action<SamplerPipelineBuilder> stage, Func<nint> sampler) => new(
        name,
        SamplerPipeline.Create(s =>
        {
            stage(s);
            s.Temperature(0.8);
        }),
        chain => chain.Add(sampler()).Add(InitTemperature(0.8f)).Add(InitDraw(Seed)));
}
