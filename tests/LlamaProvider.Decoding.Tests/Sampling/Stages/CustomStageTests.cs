using System.Text.Json;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class CustomStageTests
{
    private static readonly Vocabulary Vocabulary = StageRun.Numbers(4);

    [Fact]
    public void Apply_InAPipeline_GetsAscendingTokensTheirLogitsAndTheContext()
    {
        var sampler = new Recorder();
        BoundPipeline pipeline = Bind(SamplerPipeline.Create(s => s.TopK(3).Custom("mine")), ("mine", _ => sampler));
        SamplerState state = pipeline.CreateState([3, 1], seed: 8, rollbackTokens: 0);
        state.Accept(2);

        pipeline.Choose([5, 1, 7, 6], state);

        var random = new Xoshiro256(8);
        Assert.Equal([0, 2, 3], sampler.Tokens);
        Assert.Equal([5, 7, 6], sampler.Logits);
        Assert.Equal([3, 1, 2], sampler.History);
        Assert.Equal(2, sampler.PromptLength);
        Assert.Same(Vocabulary, sampler.Vocabulary);
        Assert.Equal(random.NextDouble(), sampler.Number);
    }

    [Fact]
    public void Apply_FirstInAPipeline_GetsTheWholeVocabulary()
    {
        var sampler = new Recorder();
        Choose(SamplerPipeline.Create(s => s.Custom("mine")), [1, float.NegativeInfinity, 2, float.NaN], ("mine", _ => sampler));

        Assert.Equal([0, 1, 2, 3], sampler.Tokens);
        Assert.Equal([1, float.NegativeInfinity, 2, float.NaN], sampler.Logits);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Apply_SetsALogitToSomethingNotFinite_RemovesTheToken(float value)
    {
        CustomSamplerFactory remove = _ => new Setter(token: 3, value);

        Assert.Equal(2, Choose(SamplerPipeline.Create(s => s.Custom("mine").Greedy()), [0, 1, 2, 3], ("mine", remove)));
        Assert.Equal(2, Choose(SamplerPipeline.Create(s => s.TopK(2).Custom("mine").TopP(0.9).Greedy()), [0, 1, 2, 3], ("mine", remove)));
    }

    [Fact]
    public void Apply_RemovesATokenOfAList_LeavesAListOfFiniteLogits()
    {
        BoundPipeline pipeline = Bind(SamplerPipeline.Create(s => s.TopK(2).Custom("mine")), ("mine", _ => new Setter(3, float.NaN)));
        var candidates = new Candidates([0, 1, 2, 3], new SamplerWorkspace());
        pipeline.Run(ref candidates, pipeline.CreateState([], seed: 1, rollbackTokens: 0));

        Assert.Equal([2], candidates.Tokens.ToArray());
        Assert.Equal([2f], candidates.Logits.ToArray());
    }

    [Fact]
    public void Apply_RemovesEveryToken_NamesTheSampler()
    {
        NoCandidateException error = Assert.Throws<NoCandidateException>(() =>
            Choose(SamplerPipeline.Create(s => s.TopK(1).Custom("mine")), [0, 1, 2, 3], ("mine", _ => new Setter(3, float.NaN))));

        Assert.Equal("mine", error.Stage);
        Assert.Equal("The sampler stage 'mine' left no token to choose from. Loosen it, or leave it out.", error.Message);
    }

    [Fact]
    public void Bind_Parameters_ReachTheFactory()
    {
        JsonElement? received = null;
        Bind(SamplerPipeline.Create(s => s.Custom("mine", new System.Text.Json.Nodes.JsonObject { ["strength"] = 2 })), ("mine", Factory));
        Assert.Equal("{\"strength\":2}", received?.GetRawText());

        Bind(SamplerPipeline.Create(s => s.Custom("mine")), ("mine", Factory));
        Assert.Null(received);

        ICustomSampler Factory(JsonElement? parameters)
        {
            received = parameters;
            return new Recorder();
        }
    }

    [Fact]
    public void Bind_UnknownName_SaysWhichThereAre()
    {
        SamplerPipeline pipeline = SamplerPipeline.Create(s => s.Custom("mine"));

        Assert.Equal(
            "The custom sampler 'mine' is not registered with the engine (none is). Register it, or correct the name.",
            Assert.Throws<InvalidSamplerException>(() => Bind(pipeline)).Message);
        InvalidSamplerException error = Assert.Throws<InvalidSamplerException>(() => Bind(pipeline, ("theirs", _ => new Recorder()), ("Mine", _ => new Recorder())));
        Assert.Equal("The custom sampler 'mine' is not registered with the engine (these are: Mine, theirs). Register it, or correct the name.", error.Message);
        Assert.Equal("mine", error.Option);
    }

    [Fact]
    public void Bind_FactoryThatThrows_CarriesItsMessage()
    {
        var inner = new ArgumentException("strength must be above 0");
        InvalidSamplerException error = Assert.Throws<InvalidSamplerException>(() => Bind(SamplerPipeline.Create(s => s.Custom("mine", -1)), ("mine", _ => throw inner)));

        Assert.Equal("The custom sampler 'mine' refuses its parameters -1: strength must be above 0", error.Message);
        Assert.Same(inner, error.InnerException);
        Assert.Equal(
            "The custom sampler 'mine' refuses its parameters (none): strength must be above 0",
            Assert.Throws<InvalidSamplerException>(() => Bind(SamplerPipeline.Create(s => s.Custom("mine")), ("mine", _ => throw inner))).Message);
    }

    private static BoundPipeline Bind(SamplerPipeline pipeline, params (string Name, CustomSamplerFactory Factory)[] samplers) =>
        new(pipeline, new SamplerBinding(Vocabulary, samplers.ToDictionary(item => item.Name, item => item.Factory)), new SamplerWorkspacePool());

    private static int Choose(SamplerPipeline pipeline, float[] logits, params (string Name, CustomSamplerFactory Factory)[] samplers)
    {
        BoundPipeline bound = Bind(pipeline, samplers);
        return bound.Choose(logits, bound.CreateState([], seed: 1, rollbackTokens: 0));
    }

    private sealed class Recorder : ICustomSampler
    {
        public int[] Tokens { get; private set; } = [];

        public float[] Logits { get; private set; } = [];

        public int[] History { get; private set; } = [];

        public int PromptLength { get; private set; }

        public Vocabulary? Vocabulary { get; private set; }

        public double Number { get; private set; }

        public void Apply(in CustomSamplerContext context, ReadOnlySpan<int> tokens, Span<float> logits)
        {
            (Tokens, Logits, History) = (tokens.ToArray(), logits.ToArray(), context.History.ToArray());
            (PromptLength, Vocabulary, Number) = (context.PromptLength, context.Vocabulary, context.NextDouble());
        }
    }

    private sealed class Setter(int token, float value) : ICustomSampler
    {
        public void Apply(in CustomSamplerContext context, ReadOnlySpan<int> tokens, Span<float> logits) => logits[tokens.IndexOf(token)] = value;
    }
}
