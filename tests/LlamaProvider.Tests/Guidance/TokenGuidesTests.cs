using LlamaProvider.Decoding.Strategies.Guidance;
using LlamaProvider.Guidance;
using LlamaProvider.Tests.Scoring;

namespace LlamaProvider.Tests.Guidance;

public sealed class TokenGuidesTests
{
    [Fact]
    public async Task FromClassifier_IsTheLogarithmOfItsProbability()
    {
        float[] values = await Guide(TokenGuides.FromClassifier(static text => text == "ab" ? 0.25f : text == "a" ? 0 : 1), "a", "b", "c", "");

        Assert.Equal([MathF.Log(0.25f), 0, float.NegativeInfinity], values);
    }

    [Theory]
    [InlineData(float.NaN, "The classifier gave NaN, but a probability is from 0 to 1.")]
    [InlineData(1.5f, "The classifier gave 1.5, but a probability is from 0 to 1.")]
    public async Task FromClassifier_NoProbability_SaysSo(float value, string message)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Guide(TokenGuides.FromClassifier(_ => value), "a", "b"));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task FromExamples_CloserText_IsMoreProbable()
    {
        var embeddings = new LetterEmbeddings();
        ITokenGuide guide = TokenGuides.FromExamples(embeddings, ["aaa", "zz"], ["bbb"]);

        float[] values = await Guide(guide, "a", "a", "b", "bbb");
        await Guide(guide, "", "a");

        Assert.True(values[0] > values[1] && values[1] > values[2], string.Join(' ', values));
        Assert.Equal(-Math.Log(1 + Math.Exp(20 * (0 - 1))), values[0], 1e-6);
        Assert.Equal(3, embeddings.Calls);
    }

    [Fact]
    public async Task FromExamples_NoCounterexamples_ClosenessAloneCounts()
    {
        float[] values = await Guide(TokenGuides.FromExamples(new LetterEmbeddings(), ["aa"], sharpness: 3), "", "a", "b", "");

        Assert.Equal([0, -3, -3], values.Select(static value => MathF.Round(value, 4)));
    }

    [Fact]
    public void FromExamples_None_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => TokenGuides.FromExamples(new LetterEmbeddings(), []));
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenGuides.FromExamples(new LetterEmbeddings(), ["a"], sharpness: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenGuides.FromExamples(new LetterEmbeddings(), ["a"], sharpness: double.PositiveInfinity));
    }

    private static async Task<float[]> Guide(ITokenGuide guide, string text, params string[] added)
    {
        var request = new TokenGuideRequest(text, [.. added.Select(static (more, token) => new TokenContinuation(token, more, more.Length == 0, -1))]);
        float[] values = new float[added.Length];
        await guide.GuideAsync(request, values, TestContext.Current.CancellationToken);
        return values;
    }
}
