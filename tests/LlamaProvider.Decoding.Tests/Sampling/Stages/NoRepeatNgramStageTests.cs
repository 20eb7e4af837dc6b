using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class NoRepeatNgramStageTests
{
    [Fact]
    public void Apply_AnyHistory_ForbidsWhatWouldRepeatAnNgram() =>
        Gen.Select(Gen.Int[0, 3].Array[0, 40], Gen.Int[1, 6], Gen.Int[0, 40], Gen.Bool).Sample(
            (history, size, length, asList) =>
            {
                int[] expected = [.. Enumerable.Range(0, 6).Where(token => !Repeats([.. history, token], size))];
                SamplerStage stage = new NoRepeatNgramStage(size);
                float[] after = StageRun.Apply(new SamplerPipeline(asList ? [new TopKStage(5), stage] : [stage]), [5, 4, 3, 2, 1, 0], history, Math.Min(length, history.Length));

                Assert.Equal(expected.Where(token => !asList || token < 5), StageRun.Kept(after));
                Assert.All(StageRun.Kept(after), token => Assert.Equal(5 - token, after[token]));
            },
            iter: 2000);

    [Fact]
    public void Apply_SizeOne_LetsEveryTokenOccurOnce() => Assert.Equal([1, 3], StageRun.Kept(StageRun.Apply(new NoRepeatNgramStage(1), new float[4], [2, 0, 0])));

    [Fact]
    public void Apply_OverlappingNgrams_AreFound() => Assert.Equal([0, 2, 3], StageRun.Kept(StageRun.Apply(new NoRepeatNgramStage(3), new float[4], [1, 1, 1])));

    [Fact]
    public void Apply_Twice_IsOnce()
    {
        var stage = new NoRepeatNgramStage(2);
        int[] history = [0, 1, 0, 2, 0];

        Assert.Equal([0, 3], StageRun.Kept(StageRun.Apply(stage, new float[4], history)));
        Assert.Equal([0, 3], StageRun.Kept(StageRun.Apply(new SamplerPipeline([stage, stage]), new float[4], history)));
    }

    private static bool Repeats(int[] text, int size)
    {
        if (text.Length < size)
        {
            return false;
        }

        int[] last = text[^size..];
        return Enumerable.Range(0, text.Length - size).Any(start => text.AsSpan(start, size).SequenceEqual(last));
    }
}
