using DecodingLab.Chapters.Constraints;
using DecodingLab.Chapters.Engine;
using DecodingLab.Chapters.Sampling;
using DecodingLab.Chapters.Search;

namespace DecodingLab.Chapters;

/// <summary>The tour.</summary>
internal static class ChapterList
{
    public static IReadOnlyList<IChapter> All { get; } =
    [
        new SamplingChapter(), new AdvancedSamplingChapter(), new BeamSearchChapter(), new DiverseBeamSearchChapter(), new ContrastiveSearchChapter(),
        new LengthChapter(), new KeywordChapter(), new StructureChapter(), new MeaningChapter(),
        new KvCacheChapter(), new BatchingChapter(), new SpeculationChapter(), new QuantizationChapter(),
    ];
}
