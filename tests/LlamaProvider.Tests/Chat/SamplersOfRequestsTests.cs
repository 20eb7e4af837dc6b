using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>What a request's pipeline does, through the client and the engine.</summary>
public sealed class SamplersOfRequestsTests : IDisposable
{
    private static readonly int LetterA = ScriptedVocabulary.Byte('a');
    private readonly ScriptedModel _model = new(ScriptedVocabulary.Bytes(), (_, logits) =>
    {
        logits.Fill(-20);
        logits[LetterA..(LetterA + 4)].Clear();
    })
    {
        ChatTemplate = "{% for m in messages %}{{ m.content }}{% endfor %}",
        Metadata = new Dictionary<string, string> { ["general.sampling.temp"] = "0.5" },
    };

    private readonly LlamaEngine _engine;

    public SamplersOfRequestsTests()
    {
        var options = new LlamaEngineOptions { ContextLength = 256 };
        options.CustomSamplers["only"] = parameters => new Only(parameters);
        _engine = LlamaEngine.Create(_model, options);
    }

    [Fact]
    public void DefaultSamplers_ModelRecommends_AreTheModels() =>
        Assert.Equal(SamplerPipeline.Create(s => s.TopK(40).TopP(0.95).MinP(0.05).Temperature(0.5)), _engine.DefaultSamplers);

    [Fact]
    public async Task Seed_Same_GivesTheSameAnswer()
    {
        string first = await AskAsync(new ChatOptions { Seed = 1 });

        Assert.Equal(first, await AskAsync(new ChatOptions { Seed = 1 }));
        Assert.NotEqual(first, await AskAsync(new ChatOptions { Seed = 2 }));
        Assert.Matches("^[abcd]{24}$", first);
    }

    [Fact]
    public async Task UseSamplers_Deterministic_TakesTheLowestOfEqualTokens() =>
        Assert.Equal(new string('a', 24), await AskAsync(new ChatOptions().UseSamplers(SamplerPipeline.Deterministic)));

    [Fact]
    public async Task UseSamplers_NoRepeat_UsesEveryTokenOnce()
    {
        string answer = await AskAsync(new ChatOptions { MaxOutputTokens = 4, Seed = 3 }.UseSamplers(s => s.NoRepeatNgram(1).TopK(1)));

        Assert.Equal("abcd", answer);
    }

    [Fact]
    public async Task UseSamplers_Custom_GetsItsParameters() =>
        Assert.Equal(new string('c', 24), await AskAsync(new ChatOptions().UseSamplers(s => s.Custom("only", "c"))));

    [Fact]
    public async Task UseSamplers_NothingLeft_FailsWithTheStagesName()
    {
        var error = await Assert.ThrowsAsync<NoCandidateException>(() => AskAsync(new ChatOptions().UseSamplers(s => s.Custom("only"))));

        Assert.Equal(("only", "The sampler stage 'only' left no token to choose from. Loosen it, or leave it out."), (error.Stage, error.Message));
    }

    public static TheoryData<Action<SamplerPipelineBuilder>, string> Refused { get; } = new()
    {
        { s => s.Custom("onyl"), "The custom sampler 'onyl' is not registered with the engine (these are: only). Register it, or correct the name." },
        { s => s.Custom("only", 5), "The custom sampler 'only' refuses its parameters 5: Give one letter." },
        { s => s.LogitBias(new Dictionary<int, double> { [9999] = 1 }), "logit_bias names token 9999, but the model's tokens are 0 to 257. Take the numbers from this model's tokenizer." },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task UseSamplers_WhatTheEngineLacks_IsRefusedBeforeWork(Action<SamplerPipelineBuilder> build, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<InvalidSamplerException>(() => AskAsync(new ChatOptions().UseSamplers(build)))).Message);

    [Fact]
    public async Task RawOptions_Samplers_AreUsed()
    {
        var options = new ChatOptions { RawRepresentationFactory = _ => new LlamaGenerationOptions { Samplers = SamplerPipeline.Deterministic } };

        Assert.Equal(new string('a', 24), await AskAsync(options));
    }

    public void Dispose() => _engine.Dispose();

    private async Task<string> AskAsync(ChatOptions options)
    {
        options.MaxOutputTokens ??= 24;
        using LlamaChatClient client = _engine.CreateChatClient();
        return (await client.GetResponseAsync("?", options)).Text;
    }

    /// <summary>Leaves one letter, or nothing.</summary>
    private sealed class Only(JsonElement? letter) : ICustomSampler
    {
        private readonly int? _token = letter switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text when text.GetString() is [var one] => ScriptedVocabulary.Byte(one),
            _ => throw new ArgumentException("Give one letter."),
        };

        public void Apply(in CustomSamplerContext context, ReadOnlySpan<int> tokens, Span<float> logits)
        {
            for (int index = 0; index < tokens.Length; index++)
            {
                logits[index] = tokens[index] == _token ? logits[index] : float.NegativeInfinity;
            }
        }
    }
}
